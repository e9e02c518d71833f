// Generated from Rust by npm/src/bin/generate.rs: change it there.

/**
 * A file in HubSpot's file manager.
 */
export interface HubSpotFile {
    /**
     * The file's id.
     */
    id?: string | null;
    /**
     * Who can open it; dated API versions may leave it out.
     */
    access?: FileAccess | null;
    /**
     * Whether it was deleted.
     */
    archived?: boolean | null;
    /**
     * When it was deleted: ISO 8601 in UTC.
     */
    archivedAt?: string | null;
    /**
     * When it was made: ISO 8601 in UTC.
     */
    createdAt?: string | null;
    /**
     * When it was last changed: ISO 8601 in UTC.
     */
    updatedAt?: string | null;
    /**
     * Its address on HubSpot's default hosting domain.
     */
    defaultHostingUrl?: string | null;
    /**
     * Its text encoding.
     */
    encoding?: string | null;
    /**
     * When it will be deleted: **milliseconds since the Unix epoch**, unlike the other dates.
     */
    expiresAt?: number | null;
    /**
     * Its extension, such as `pdf`.
     */
    extension?: string | null;
    /**
     * The MD5 sum of its content.
     */
    fileMd5?: string | null;
    /**
     * Its height in pixels, where it is an image or a video.
     */
    height?: number | null;
    /**
     * Its width in pixels, where it is an image or a video.
     */
    width?: number | null;
    /**
     * Whether it can be used in new content.
     */
    isUsableInContent?: boolean | null;
    /**
     * Its name without the extension.
     */
    name?: string | null;
    /**
     * The id of the folder it lies in.
     */
    parentFolderId?: string | null;
    /**
     * Its path in the file manager.
     */
    path?: string | null;
    /**
     * Its size in bytes.
     */
    size?: number | null;
    /**
     * Which part of HubSpot it belongs to; dated API versions may leave it out.
     */
    sourceGroup?: FileSourceGroup | null;
    /**
     * Its kind, such as `IMG`, `DOCUMENT`, `AUDIO`, `MOVIE` or `OTHER`.
     */
    type?: string | null;
    /**
     * Its address.
     */
    url?: string | null;
}

/**
 * A finer category: a word, or an object of free form.
 */
export type SubCategory = string | Record<string, unknown>;

/**
 * A folder in HubSpot's file manager.
 */
export interface HubSpotFolder {
    /**
     * The folder's id.
     */
    id?: string | null;
    /**
     * Whether it was deleted.
     */
    archived?: boolean | null;
    /**
     * When it was deleted: ISO 8601 in UTC.
     */
    archivedAt?: string | null;
    /**
     * When it was made: ISO 8601 in UTC.
     */
    createdAt?: string | null;
    /**
     * When it was last changed: ISO 8601 in UTC.
     */
    updatedAt?: string | null;
    /**
     * Its name.
     */
    name?: string | null;
    /**
     * The id of the folder it lies in.
     */
    parentFolderId?: string | null;
    /**
     * Its path in the file manager.
     */
    path?: string | null;
}

/**
 * Addresses by name: HubSpot sends a map, its documentation shows an array of objects.
 */
export type Links = Record<string, string> | Record<string, string>[];

/**
 * An error that a task met.
 */
export interface StandardError {
    /**
     * What kind of error it is, such as `VALIDATION_ERROR`.
     */
    category?: string | null;
    /**
     * What it is about.
     */
    context?: ErrorContext | null;
    /**
     * The errors that it is made of.
     */
    errors?: ErrorDetail[] | null;
    /**
     * The error's own id.
     */
    id?: string | null;
    /**
     * Addresses that explain it, by name.
     */
    links?: Record<string, string> | null;
    /**
     * What happened, for people.
     */
    message?: string | null;
    /**
     * A status word.
     */
    status?: string | null;
    /**
     * A finer category.
     */
    subCategory?: SubCategory | null;
}

/**
 * HubSpot's answer to a start: the new task's id, and where its status is told.
 */
export interface TaskLocator {
    /**
     * The task's id.
     */
    id?: string | null;
    /**
     * Where to ask; it names a regional host, to which no token must be sent. Build the address from the id.
     */
    links?: Links | null;
}

/**
 * One of the errors that an error is made of.
 */
export interface ErrorDetail {
    /**
     * A code for programs.
     */
    code?: string | null;
    /**
     * What it is about.
     */
    context?: ErrorContext | null;
    /**
     * The field or parameter at fault.
     */
    in?: string | null;
    /**
     * What happened, for people.
     */
    message?: string | null;
    /**
     * A finer category.
     */
    subCategory?: SubCategory | null;
}

/**
 * The body of an answer that is not 2xx, where HubSpot's API wrote it. (Unknown routes answer HTML.)
 */
export interface HttpErrorBody {
    /**
     * What kind of error it is, such as `MISSING_SCOPES`; rate limits often leave it out.
     */
    category?: string | null;
    /**
     * What HubSpot's support asks for.
     */
    correlationId?: string | null;
    /**
     * What it is about; for a missing scope `requiredGranularScopes`.
     */
    context?: ErrorContext | null;
    /**
     * What kind of limit was hit: `RATE_LIMIT`.
     */
    errorType?: string | null;
    /**
     * The errors that it is made of.
     */
    errors?: ErrorDetail[] | null;
    /**
     * Addresses that explain it, by name.
     */
    links?: Record<string, string> | null;
    /**
     * What happened, for people.
     */
    message?: string | null;
    /**
     * Which limit was hit: `TEN_SECONDLY_ROLLING` or `DAILY`.
     */
    policyName?: string | null;
    /**
     * The request's id.
     */
    requestId?: string | null;
    /**
     * Always `error`.
     */
    status?: string | null;
    /**
     * A finer category.
     */
    subCategory?: SubCategory | null;
}

/**
 * The status of a task as HubSpot sends it. Every field but `status` may be missing or null.
 */
export interface TaskStatus<Result> {
    /**
     * Where the task stands.
     */
    status: TaskState;
    /**
     * When the task was asked for: ISO 8601 in UTC.
     */
    requestedAt?: string | null;
    /**
     * When HubSpot began to work on it: ISO 8601 in UTC.
     */
    startedAt?: string | null;
    /**
     * When it was over: ISO 8601 in UTC.
     */
    completedAt?: string | null;
    /**
     * The task's id; exports and source-code extracts do not repeat it.
     */
    taskId?: string | null;
    /**
     * How many errors the task met; source-code extracts do not tell.
     */
    numErrors?: number | null;
    /**
     * The errors that the task met; source-code extracts do not tell.
     */
    errors?: StandardError[] | null;
    /**
     * Addresses that belong to the task, by name. They may point at another host: send no token there.
     */
    links?: Record<string, string> | null;
    /**
     * What the task made: a file, a folder, or an export's URL, which needs no token and so is a secret for the
     * five minutes that it lives; nothing for source-code extracts.
     */
    result?: Result | null;
}

/**
 * What an error is about, by name; the documentation's examples show one string instead.
 */
export type ErrorContext = Record<string, string[]> | string;

/**
 * Where a task stands. There is no word for a failed one: `outcomeOf` tells.
 */
export type TaskState = "PENDING" | "PROCESSING" | "COMPLETE" | "CANCELED" | (string & {});

/**
 * Which part of HubSpot a file belongs to.
 */
export type FileSourceGroup = "CONTENT" | "CONVERSATIONS" | "FORMS" | "UI_EXTENSIONS" | "UNKNOWN" | (string & {});

/**
 * Who can open a file, and whether search engines may list it.
 */
export type FileAccess = "HIDDEN_INDEXABLE" | "HIDDEN_NOT_INDEXABLE" | "HIDDEN_PRIVATE" | "HIDDEN_SENSITIVE" | "PRIVATE" | "PUBLIC_INDEXABLE" | "PUBLIC_NOT_INDEXABLE" | "SENSITIVE" | (string & {});

/**
 * Why a call or a wait ended without success. `docs/errors.md` says more of each.
 *
 * - `INVALID_ARGUMENT`: an option or argument has a wrong value, or the clock does not work; nothing was sent. The message
 *   names it, what it got and what it takes. Asking again does not help.
 * - `UNAUTHORIZED`: the token is missing, wrong or expired (401), or the token function gave none. Give a valid one, or let
 *   your proxy add it. Asking again with the same token does not help.
 * - `FORBIDDEN`: the token may not ask for this (403). Give its app one of `requiredScopes`. Asking again does not help.
 * - `NOT_FOUND`: no such task or route (404). Look at the id, `baseUrl` and `apiVersion`. Asking again does not help.
 * - `RATE_LIMITED`: a rate limit was hit (429), for longer than the caller can wait. Ask again after `retryAfterMs`.
 * - `MIGRATING`: HubSpot moves the account (477), for longer than the caller can wait. Ask again after `retryAfterMs`.
 * - `HTTP`: another HTTP status that is not 2xx, or an error that came as one. Look at `httpStatus` and `category`. Asking
 *   again may help for 408, 423, 425 and 5xx but for 501, 505, 508, 511, 522, 525, 526 and 530: `isRetryable` tells.
 * - `NETWORK`: no answer came: no way to the server, CORS, or an attempt over `requestTimeoutMs`. Look at `baseUrl` and
 *   `cause`. Asking again may help.
 * - `INVALID_RESPONSE`: a 2xx answer that is no task status, such as a web page. Look at `baseUrl`. Asking again may help.
 * - `TIMEOUT`: the deadline came first; the task may still succeed. Wait longer, or give `checkpoint` to `resume()`. Asking
 *   again may help.
 * - `CANCELED`: HubSpot will not do the task. Start it anew. Asking again does not help.
 * - `FAILED`: the task is over, without the result that it should have. Mend what `lastStatus.errors` names, and start it
 *   anew. Asking again does not help.
 * - `UNKNOWN_OUTCOME`: a start that may have been carried out: no answer came, or one that does not tell. Look in HubSpot
 *   whether it was. Asking again does not help: a second start may do it twice.
 * - `WASM_BLOCKED`: the host refused to compile WebAssembly. Allow `'wasm-unsafe-eval'`, or import
 *   `hubspot-async-tasks/js`. Asking again does not help.
 * - `INTERNAL`: the package itself failed. Make a new client: its calls may succeed. Please report it.
 */
export type HubSpotTaskErrorCode = "INVALID_ARGUMENT" | "UNAUTHORIZED" | "FORBIDDEN" | "NOT_FOUND" | "RATE_LIMITED" | "MIGRATING" | "HTTP" | "NETWORK" | "INVALID_RESPONSE" | "TIMEOUT" | "CANCELED" | "FAILED" | "UNKNOWN_OUTCOME" | "WASM_BLOCKED" | "INTERNAL";

/**
 * Where HubSpot looks for a file that is there already.
 */
export type DuplicateValidationScope = "ENTIRE_PORTAL" | "EXACT_FOLDER" | (string & {});

/**
 * What HubSpot does where the file is there already.
 */
export type DuplicateValidationStrategy = "NONE" | "REJECT" | "RETURN_EXISTING" | (string & {});

/**
 * Which records an export holds.
 */
export type ExportType = "VIEW" | "LIST" | (string & {});

/**
 * The form of an exported file.
 */
export type ExportFormat = "CSV" | "XLS" | "XLSX" | (string & {});

/**
 * Counters by name, such as `TOTAL_ROWS`, `CREATED_OBJECTS`, `UPDATED_OBJECTS` and `ERRORS`.
 */
export type ImportCounters = Record<string, number>;

/**
 * Imports a file from a URL. `folderId` or `folderPath` is needed.
 */
export interface FileImportRequest {
    /**
     * Where HubSpot gets the file: an address that anybody can open.
     */
    url: string;
    /**
     * Who can open the file.
     */
    access?: FileAccess;
    /**
     * The id of the folder that it is put into.
     */
    folderId?: string;
    /**
     * The path of that folder, in the place of its id.
     */
    folderPath?: string;
    /**
     * The file's name; that of the URL if not given.
     */
    name?: string;
    /**
     * Whether it takes the place of a file of the same name in the same folder.
     */
    overwrite?: boolean;
    /**
     * Where HubSpot looks for a file that is there already.
     */
    duplicateValidationScope?: DuplicateValidationScope;
    /**
     * What HubSpot does where it is.
     */
    duplicateValidationStrategy?: DuplicateValidationStrategy;
    /**
     * When the file is to be deleted: ISO 8601.
     */
    expiresAt?: string;
    /**
     * For how long it is to be kept: deprecated, `expiresAt` is in its place.
     */
    ttl?: string;
    /**
     * What HubSpot takes or sends besides.
     */
    [field: string]: unknown;
}

/**
 * Renames a folder, or moves it.
 */
export interface FolderUpdateRequest {
    /**
     * The folder's id.
     */
    id: string;
    /**
     * Its new name.
     */
    name?: string;
    /**
     * The id of the folder that it is moved into.
     */
    parentFolderId?: number | string | bigint;
    /**
     * What HubSpot takes or sends besides.
     */
    [field: string]: unknown;
}

/**
 * Exports records of the CRM.
 */
export interface ExportRequest {
    /**
     * Which records: those of a view, or of a list.
     */
    exportType: ExportType;
    /**
     * The export's name in HubSpot.
     */
    exportName?: string;
    /**
     * The form of the file.
     */
    format?: ExportFormat;
    /**
     * The language of the column names, such as `EN`.
     */
    language?: string;
    /**
     * The type of the records, such as `CONTACT`.
     */
    objectType?: string;
    /**
     * The properties that become columns.
     */
    objectProperties?: string[];
    /**
     * Of a LIST: the list's id.
     */
    listId?: string | number | bigint;
    /**
     * Of a VIEW: which records, as HubSpot's search takes it.
     */
    publicCrmSearchRequest?: object;
    /**
     * What HubSpot takes or sends besides.
     */
    [field: string]: unknown;
}

/**
 * Extracts a zip file in the developer file system.
 */
export interface SourceCodeExtractRequest {
    /**
     * The file's path.
     */
    path: string;
    /**
     * What HubSpot takes or sends besides.
     */
    [field: string]: unknown;
}

/**
 * What a CRM import is to do with its files: HubSpot's page on imports names all of it.
 */
export interface CrmImport {
    /**
     * The import's name in HubSpot.
     */
    name?: string;
    /**
     * How dates are written in the files, such as `DAY_MONTH_YEAR`.
     */
    dateFormat?: string;
    /**
     * What becomes of each type of record: `CREATE`, `UPDATE` or `UPSERT`.
     */
    importOperations?: Record<string, string>;
    /**
     * The files, in the order in which they are sent.
     */
    files?: CrmImportFile[];
    /**
     * What HubSpot takes or sends besides.
     */
    [field: string]: unknown;
}

/**
 * A file of a CRM import: its name, and what its columns are.
 */
export interface CrmImportFile {
    /**
     * Its name, with the extension.
     */
    fileName: string;
    /**
     * Its form: `CSV` or `SPREADSHEET`.
     */
    fileFormat?: string;
    /**
     * What its columns are.
     */
    fileImportPage?: object;
    /**
     * What HubSpot takes or sends besides.
     */
    [field: string]: unknown;
}

/**
 * What a CRM import did: the field `metadata` of an import.
 */
export interface CrmImportResult {
    /**
     * How many rows, records and errors there were.
     */
    counters?: ImportCounters | null;
    /**
     * The lists of records that it made.
     */
    objectLists?: ImportObjectList[] | null;
    /**
     * What HubSpot takes or sends besides.
     */
    [field: string]: unknown;
}

/**
 * A list of the records of a CRM import.
 */
export interface ImportObjectList {
    /**
     * The list's id.
     */
    listId?: string | null;
    /**
     * The type of its records.
     */
    objectType?: string | null;
    /**
     * What HubSpot takes or sends besides.
     */
    [field: string]: unknown;
}

/**
 * What went wrong with a row of a CRM import.
 */
export interface CrmImportError {
    /**
     * The error's id.
     */
    id?: string | null;
    /**
     * Its kind, such as `INVALID_EMAIL`.
     */
    errorType?: string | null;
    /**
     * When it came up: **milliseconds since the Unix epoch**, unlike other dates.
     */
    createdAt?: number | null;
    /**
     * What was wrong.
     */
    invalidValue?: string | null;
    /**
     * The type of the record.
     */
    objectType?: string | null;
    /**
     * What HubSpot takes or sends besides.
     */
    [field: string]: unknown;
}

/**
 * An export, as HubSpot keeps it: the one place where its failure shows.
 */
export interface ExportDetails {
    /**
     * The export's id.
     */
    id?: string | null;
    /**
     * Its name.
     */
    exportName?: string | null;
    /**
     * Where it stands: `PENDING_APPROVAL`, `ENQUEUED`, `DEFERRED`, `PROCESSING`, `DONE`, `FAILED`, `CANCELED`,
     * `CONFLICT` or `DELETED`.
     */
    exportState?: string | null;
    /**
     * When it was asked for: ISO 8601 in UTC.
     */
    createdAt?: string | null;
    /**
     * When it last changed: ISO 8601 in UTC.
     */
    updatedAt?: string | null;
    /**
     * What HubSpot takes or sends besides.
     */
    [field: string]: unknown;
}
