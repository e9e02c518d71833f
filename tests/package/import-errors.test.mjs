// imports.errors(): each error of an import once, or an error that says why not.
import assert from "node:assert/strict";
import { answer, assertError, inTurn, setUp, test } from "./support.mjs";

const page = (results, after) => answer(200, { results, ...(after && { paging: { next: { after } } }) });

/** What errors() gives, and what it rejects with. */
async function errorsOf(...answers) {
  const { client } = setUp(inTurn(...answers));
  const seen = [];
  try {
    for await (const error of client.imports.errors("7")) seen.push(error.id);
    return { seen };
  } catch (error) {
    return { seen, error };
  }
}

test("errors_come_page_by_page_each_once", async () => {
  assert.deepEqual(await errorsOf(page([{ id: "1" }, { id: "2" }], "2"), page([{ id: "3" }])), { seen: ["1", "2", "3"] });
});

test("a_page_without_a_list_of_errors_is_no_last_page", async () => {
  for (const body of [{}, { status: 3 }, { results: null }, [], { results: { id: "3" } }]) {
    const { seen, error } = await errorsOf(page([{ id: "1" }], "1"), answer(200, body));
    assert.deepEqual(seen, ["1"]);
    assertError(error, "INVALID_RESPONSE");
  }
});
