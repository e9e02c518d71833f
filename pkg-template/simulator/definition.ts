// A family of task that is not built in, as data: what a simulator plays besides, and what the client's defineFamily takes.

/** Where a call goes: `{version}` and `{taskId}` stand for themselves. Two of them where the version's style moves it. */
export type SimulatedPath = string | { readonly numbered: string; readonly dated: string };

/**
 * A family of task that HubSpot has besides the built-in ones. What the client's `defineFamily` gives is assignable.
 * Fields are named by dotted paths: "metadata.counters.ERRORS".
 */
export interface SimulatedFamilyDefinition<Name extends string = string> {
  /** By which {@link Simulator.addTask} and {@link SimulatedRequest.family} call it. */
  readonly name: Name;
  /** Where its calls go. */
  readonly paths: {
    /** GET. */
    readonly status: SimulatedPath;
    /** POST. */
    readonly start?: SimulatedPath | undefined;
    /** GET; answers as the status does. */
    readonly details?: SimulatedPath | undefined;
    /** POST. */
    readonly cancel?: SimulatedPath | undefined;
  };
  /** "text", the default: opaque. Else decimal digits: 400 for what is none. */
  readonly id?: "text" | "int64" | "int32" | undefined;
  /** Which field holds the state ("status"), and its words, of which the first one of each kind is shown. */
  readonly state?:
    | {
        readonly field?: string | undefined;
        readonly queued?: readonly string[] | undefined;
        readonly running?: readonly string[] | undefined;
        readonly succeeded?: readonly string[] | undefined;
        readonly succeededWithErrors?: readonly string[] | undefined;
        readonly failed?: readonly string[] | undefined;
        readonly canceled?: readonly string[] | undefined;
      }
    | undefined;
  /** Where the result stands; none unless given. With `oneOf` it is the first of these words, or "REFUSED". */
  readonly result?:
    | {
        readonly field: string;
        readonly isText?: boolean | undefined;
        readonly oneOf?: readonly string[] | undefined;
        /** A text that lives for some time is the URL of a file, as an export's. */
        readonly livesMs?: number | undefined;
      }
    | undefined;
  /** "errors" and "numErrors" unless given. */
  readonly errors?: { readonly field?: string | undefined; readonly countField?: string | undefined } | undefined;
  /** What the dates are called where not as usual. */
  readonly dates?:
    | {
        readonly requestedAt?: string | undefined;
        readonly startedAt?: string | undefined;
        readonly completedAt?: string | undefined;
      }
    | undefined;
  /** Any one of them is enough; unless given, any. */
  readonly scopes?: readonly string[] | undefined;
  /** What a start sends ("json"), and what it answers: a locator (202), the whole object (200), or the id in a field. */
  readonly start?:
    | {
        readonly sends?: "json" | "multipart" | undefined;
        readonly answers?: "locator" | "task" | { readonly field: string } | undefined;
      }
    | undefined;
  /** Whether its tasks run one at a time, the others waiting. */
  readonly isQueued?: boolean | undefined;
}
