// What the stubs and the server answer, in the shape of HubSpot's statuses.

const RUNNING = {
  status: "PROCESSING",
  requestedAt: "2026-11-28T10:00:00.000Z",
  startedAt: "2026-11-28T10:00:01.000Z",
};

const FINISHED = {
  ...RUNNING,
  status: "COMPLETE",
  completedAt: "2026-11-28T10:00:02.000Z",
  result: "https://exports.example/1",
};

/** The texts of an export's status, while HubSpot works on it and when it is over. */
export const PROCESSING = JSON.stringify(RUNNING);
export const COMPLETE = JSON.stringify(FINISHED);

/** A fetch whose answers each come in a task of their own; as much of a Response as is needed. */
export const answeringLater = (text) => {
  const answer = { status: 200, headers: {}, text: async () => text, json: async () => JSON.parse(text) };
  return () => new Promise((resolve) => setImmediate(resolve, answer));
};

/** What a row of an import that failed is told as. */
const rowError = (row) => ({
  category: "VALIDATION_ERROR",
  message: `Row ${row} has a value that its property does not take`,
  context: { row: [String(row)] },
});

/**
 * The texts `{ processing, complete }` of a status of so many bytes. It is filled with the errors of rows, as a real
 * status is, so that its JSON has as many small values; the last message takes what is left.
 */
export function answersOf(bytes) {
  return {
    processing: filled(RUNNING, bytes),
    complete: filled(FINISHED, bytes),
  };
}

/** The status with as many errors as make it so long. */
function filled(status, bytes) {
  const errors = [];
  const text = () => JSON.stringify({ ...status, numErrors: errors.length, errors });
  // Each further row is about as long as this one.
  const rows = Math.floor((bytes - text().length) / (JSON.stringify(rowError(10)).length + 1));
  for (let row = 1; row <= rows; row++) errors.push(rowError(row));
  while (text().length > bytes) errors.pop();
  errors.at(-1).message += ".".repeat(bytes - text().length);
  return text();
}
