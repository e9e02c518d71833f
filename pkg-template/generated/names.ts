// Generated from Rust by npm/src/bin/generate.rs: change it there.

/** The built-in families, in the order of their numbers. */
export const FAMILIES = [
  {
    "name": "fileImport",
    "paths": {
      "status": "/files/{version}/files/import-from-url/async/tasks/{taskId}/status",
      "start": "/files/{version}/files/import-from-url/async"
    },
    "result": {
      "field": "result"
    },
    "scopes": [
      "files",
      "files.read",
      "files.ui_hidden.read"
    ],
    "start": {
      "requires": [
        [
          "url"
        ],
        [
          "folderId",
          "folderPath"
        ]
      ]
    }
  },
  {
    "name": "folderUpdate",
    "paths": {
      "status": "/files/{version}/folders/update/async/tasks/{taskId}/status",
      "start": "/files/{version}/folders/update/async"
    },
    "result": {
      "field": "result"
    },
    "scopes": [
      "files",
      "files.write",
      "files.ui_hidden.write"
    ],
    "start": {
      "requires": [
        [
          "id"
        ]
      ]
    }
  },
  {
    "name": "export",
    "paths": {
      "status": {
        "numbered": "/crm/{version}/exports/export/async/tasks/{taskId}/status",
        "dated": "/crm/exports/{version}/export/async/tasks/{taskId}/status"
      },
      "start": {
        "numbered": "/crm/{version}/exports/export/async",
        "dated": "/crm/exports/{version}/export/async"
      },
      "details": {
        "numbered": "/crm/{version}/exports/export/{taskId}",
        "dated": "/crm/exports/{version}/export/{taskId}"
      }
    },
    "id": "int64",
    "result": {
      "field": "result",
      "isText": true,
      "livesMs": 300000
    },
    "scopes": [
      "crm.export"
    ],
    "start": {
      "requires": [
        [
          "exportType"
        ]
      ]
    },
    "details": {
      "field": "exportState",
      "queued": [
        "PENDING_APPROVAL"
      ],
      "failed": [
        "FAILED",
        "CONFLICT",
        "DELETED"
      ],
      "canceled": [
        "CANCELED"
      ]
    },
    "isQueued": true
  },
  {
    "name": "sourceCodeExtract",
    "paths": {
      "status": {
        "numbered": "/cms/{version}/source-code/extract/async/tasks/{taskId}/status",
        "dated": "/cms/source-code/{version}/extract/async/tasks/{taskId}/status"
      },
      "start": {
        "numbered": "/cms/{version}/source-code/extract/async",
        "dated": "/cms/source-code/{version}/extract/async"
      }
    },
    "id": "int32",
    "scopes": [
      "content"
    ],
    "start": {
      "requires": [
        [
          "path"
        ]
      ]
    }
  },
  {
    "name": "import",
    "paths": {
      "status": {
        "numbered": "/crm/{version}/imports/{taskId}",
        "dated": "/crm/imports/{version}/{taskId}"
      },
      "start": {
        "numbered": "/crm/{version}/imports",
        "dated": "/crm/imports/{version}"
      },
      "cancel": {
        "numbered": "/crm/{version}/imports/{taskId}/cancel",
        "dated": "/crm/imports/{version}/{taskId}/cancel"
      },
      "errors": {
        "numbered": "/crm/{version}/imports/{taskId}/errors",
        "dated": "/crm/imports/{version}/{taskId}/errors"
      }
    },
    "state": {
      "field": "state",
      "queued": [
        "STARTED",
        "DEFERRED"
      ],
      "running": [
        "PROCESSING"
      ],
      "succeeded": [
        "DONE"
      ],
      "failed": [
        "FAILED"
      ],
      "canceled": [
        "CANCELED",
        "REVERTED"
      ]
    },
    "result": {
      "field": "metadata"
    },
    "errors": {
      "field": "errors",
      "countField": "metadata.counters.ERRORS"
    },
    "dates": {
      "requestedAt": "createdAt"
    },
    "scopes": [
      "crm.import"
    ],
    "start": {
      "sends": "multipart",
      "answers": "task",
      "requires": [
        [
          "importRequest"
        ],
        [
          "files"
        ]
      ]
    },
    "isQueued": true
  }
] as const;

/** What a family's definition means that does not say it. */
export const USUAL_FAMILY = {
  "id": "text",
  "state": {
    "field": "status",
    "queued": [
      "PENDING"
    ],
    "running": [
      "PROCESSING"
    ],
    "succeeded": [
      "COMPLETE"
    ],
    "succeededWithErrors": [],
    "failed": [],
    "canceled": [
      "CANCELED"
    ]
  },
  "errors": {
    "field": "errors",
    "countField": "numErrors"
  },
  "dates": {
    "requestedAt": "requestedAt",
    "startedAt": "startedAt",
    "completedAt": "completedAt"
  },
  "scopes": [],
  "start": {
    "sends": "json",
    "answers": "locator",
    "requires": []
  },
  "isQueued": false
} as const;

/** The forms of ids, in the order of their numbers. */
export const ID_FORMS = [
  {
    "name": "text",
    "takes": "the task id that HubSpot gave: a non-empty string, a safe integer or a bigint"
  },
  {
    "name": "int32",
    "takes": "decimal digits up to 2147483647: a string, a safe integer or a bigint"
  },
  {
    "name": "int64",
    "takes": "decimal digits up to 9223372036854775807: a string, a safe integer or a bigint"
  }
] as const;

/** Error codes, in the order of their numbers. */
export const CODES = [
  "INVALID_ARGUMENT",
  "UNAUTHORIZED",
  "FORBIDDEN",
  "NOT_FOUND",
  "RATE_LIMITED",
  "MIGRATING",
  "HTTP",
  "NETWORK",
  "INVALID_RESPONSE",
  "TIMEOUT",
  "CANCELED",
  "FAILED",
  "UNKNOWN_OUTCOME",
  "WASM_BLOCKED",
  "INTERNAL"
] as const;

/** How a task stands, or a task or a wait ended, in the order of their numbers. */
export const OUTCOMES = [
  "running",
  "succeeded",
  "succeededWithErrors",
  "failed",
  "canceled",
  "error",
  "aborted"
] as const;

/** What may hold a poll back, in the order of their numbers. */
export const THROTTLE_REASONS = [
  "budget",
  "rate-limit",
  "retry-after"
] as const;

/** Of what a learned duration is, in the order of their numbers. */
export const PHASES = [
  "whole",
  "processing"
] as const;

/** The paces that have a name. */
export const PACES = {
  "interactive": 1.0,
  "batch": 2.0
} as const;

/** Where and how HubSpot's API is asked, unless a client says otherwise. */
export const DEFAULTS = {
  "baseUrl": "https://api.hubapi.com",
  "apiVersion": "2026-03",
  "timeoutMs": 900000
} as const;

/** A client's settings, where it says nothing of them. */
export const DEFAULT_SETTINGS = {
  "pace": 1.0,
  "minIntervalMs": 1000,
  "maxIntervalMs": 60000,
  "requestTimeoutMs": 30000,
  "maxConcurrent": 20,
  "rateLimitRequests": 100,
  "rateLimitPerMs": 10000
} as const;

/** The version of a checkpoint's form. */
export const CHECKPOINT_VERSION = 1 as const;

/** What an API version looks like, for messages. */
export const API_VERSION_TAKES = "an API version such as \"2026-03\" or \"v3\"" as const;

/** Where a task may stand, in the order of their numbers: the lists of words in a definition. */
export const STANDINGS = [
  "queued",
  "running",
  "succeeded",
  "succeededWithErrors",
  "failed",
  "canceled"
] as const;

/** The fields of the record of settings. */
export const SETTINGS_FIELDS = [
  "pace",
  "minIntervalMs",
  "maxIntervalMs",
  "timeoutMs",
  "requestTimeoutMs",
  "maxConcurrent",
  "rateLimitRequests",
  "rateLimitPerMs",
  "learns"
] as const;

/** The fields of the record of an answer. */
export const ANSWER_FIELDS = [
  "kind",
  "httpStatus",
  "retryAfterMs",
  "serverTimeMs",
  "limitKind",
  "body",
  "state",
  "hasErrors",
  "hasResult",
  "requestedAtMs",
  "startedAtMs",
  "completedAtMs",
  "limit",
  "remaining",
  "windowMs",
  "isRepeatable",
  "isSame"
] as const;

/** The fields of the record of progress. */
export const PROGRESS_FIELDS = [
  "polls",
  "faults",
  "queued",
  "startedMs",
  "processingMs",
  "dueMs"
] as const;

/** The fields of the record of an output. */
export const OUTPUT_FIELDS = [
  "kind",
  "call",
  "task",
  "request",
  "isRepeat",
  "asksForDetails",
  "nowMs",
  "untilMs",
  "outcome",
  "polls",
  "detectionDelayMs",
  "code",
  "faultCode",
  "faultOf",
  "retryAfterMs",
  "delayMs",
  "event",
  "atMs",
  "poll",
  "httpStatus",
  "durationMs",
  "reason"
] as const;

/** What an answer may be. */
export enum AnswerKind {
  http,
  noAnswer,
  noToken,
  notSent,
}

/** What the body of a good answer may be. */
export enum BodyKind {
  status,
  empty,
  error,
  unreadable,
}

/** Which limit may have been hit. */
export enum LimitKind {
  rate,
  daily,
  other,
}

/** What may be to be done. */
export enum OutputKind {
  idle,
  waitUntil,
  newTurn,
  send,
  giveUp,
  late,
  status,
  finished,
  failed,
  seen,
  replied,
  stepped,
  happened,
}

/** What may have happened. */
export enum EventKind {
  asked,
  answered,
  changed,
  retrying,
  throttled,
  finished,
}

/** Whose a fault may be. */
export enum FaultOwner {
  task,
  pause,
  call,
}

/** What to keep of a reply: the place of each one's bit. */
export enum Kept {
  status,
  fault,
  pause,
  end,
}
