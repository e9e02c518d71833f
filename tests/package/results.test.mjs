// download(): each byte once and in its order, whatever the file's server does; a URL that nobody sees; no token sent.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { broken, contentOf, download, downloaded, goodAnswer, partHeaders, readAll, served, setUpFiles, sha, startOf, wholeHeaders } from "./files.mjs";
import { HubSpotTasks, assertError, complete, countingSignal, hang, isHubSpotTaskError, processing, rejection, setUp, stateOf, test, turns } from "./support.mjs";

const CONTENT = contentOf(10_000);
const LAST_MODIFIED = "Fri, 21 Aug 2026 10:00:00 GMT";

/** Breaks off after `until` bytes of each of the first answers. */
const breaking = (content, until, how) => (init, number) =>
  goodAnswer(content, init, { ...how, ...(number <= (how?.times ?? 1) && { until, then: "break" }) });

test("a_file_comes_whole_with_its_name_type_and_size", async () => {
  const files = setUpFiles((init) => goodAnswer(CONTENT, init));
  const { bytes, body, ...about } = await downloaded(files);
  assert.equal(sha(bytes), sha(CONTENT));
  assert.deepEqual(about, { fileName: "contacts.csv", contentType: "text/csv", size: 10_000, isZipped: false });
  assert(body instanceof ReadableStream);
  assert.deepEqual([files.requests.length, files.asked.length], [1, 1]);
});

test("a_task_a_string_a_number_and_a_bigint_name_the_export", async () => {
  for (const name of [(client) => client.exports.task("7"), () => "7", () => 7, () => 7n]) {
    const files = setUpFiles((init) => goodAnswer(CONTENT, init));
    const { body } = await files.clock.run(download(files.client, name(files.client), files.options));
    assert.equal(sha(await readAll(files.clock, body)), sha(CONTENT));
    assert.match(files.requests[0].url, /\/tasks\/7\/status$/);
  }
});

test("a_task_that_is_not_over_is_waited_for", async () => {
  let polls = 0;
  const { client, clock } = setUp(async () => (++polls < 5 ? processing() : complete({ result: "https://files.example/a.csv" })));
  const result = await clock.run(download(client, "7", { clock, fetch: async (url, init) => goodAnswer(CONTENT, init) }));
  assert.equal(sha(await readAll(clock, result.body)), sha(CONTENT));
  assert.equal(polls, 5);
});

test("a_task_that_failed_rejects_as_its_wait_does", async () => {
  const { client, clock } = setUp(async () => complete({ result: undefined, errors: [{ message: "too large" }] }));
  const error = await clock.run(download(client, "7", { clock, fetch: hang })).catch((reason) => reason);
  assertError(error, "FAILED", { taskId: "7" });
});

test("no_token_and_no_header_of_the_client_goes_to_the_files_server", async () => {
  // Checked at each request by setUpFiles; here: what does go.
  const files = setUpFiles(breaking(CONTENT, 5_000));
  await downloaded(files);
  assert.deepEqual(
    files.asked.map(({ init }) => Object.keys(init).sort()),
    [["headers", "method", "signal"], ["headers", "method", "signal"]],
  );
  assert.deepEqual(
    files.asked.map(({ init }) => init.headers),
    [{ "accept-encoding": "identity" }, { "accept-encoding": "identity", range: "bytes=5000-" }],
  );
});

test("the_host's_fetch_is_asked_and_not_the_client's", async () => {
  const original = globalThis.fetch;
  const inits = [];
  globalThis.fetch = async (url, init) => (inits.push(init), goodAnswer(CONTENT, init));
  try {
    const files = setUpFiles(() => assert.fail("the client's fetch was asked"));
    const { bytes } = await downloaded(files, { fetch: undefined });
    assert.equal(sha(bytes), sha(CONTENT));
    assert.equal(inits[0].cache, "no-store");
  } finally {
    globalThis.fetch = original;
  }
});

for (const [what, how] of [
  ["by_range_with_an_etag", {}],
  ["by_range_with_a_date", { headers: { etag: "", "last-modified": LAST_MODIFIED } }],
  ["without_ranges", { ranges: false }],
  ["without_a_version", { headers: { etag: 'W/"v1"' } }],
]) {
  test(`a_connection_that_breaks_after_any_byte_is_followed_by_another_${what}`, async () => {
    const content = contentOf(600);
    for (let until = 0; until <= 600; until += 7) {
      const files = setUpFiles(breaking(content, until, { part: 13, ...how }));
      const { bytes } = await downloaded(files);
      assert.equal(sha(bytes), sha(content), `cut after ${until}`);
      const isRange = until > 0 && what !== "without_a_version";
      assert.deepEqual(files.asked.map(({ init }) => init.headers.range), [undefined, isRange ? `bytes=${until}-` : undefined]);
    }
  });
}

test("a_file_that_is_read_once_more_and_breaks_off_before_the_old_place_is_no_other_file", async () => {
  const answers = [
    () => served(CONTENT, { until: 6_000, then: "break" }),
    (init) => goodAnswer(CONTENT, init, { ranges: false, until: 3_000 }),
    (init) => goodAnswer(CONTENT, init, { ranges: false }),
  ];
  const files = setUpFiles((init, number) => answers[number - 1](init));
  const { bytes } = await downloaded(files);
  assert.equal(sha(bytes), sha(CONTENT));
});

test("it_goes_on_over_many_connections_that_each_bring_a_little", async () => {
  for (const ranges of [true, false]) {
    const content = contentOf(1_000);
    const files = setUpFiles((init, number) => goodAnswer(content, init, { ranges, part: 10, until: ranges ? 10 : number * 10, then: "break" }));
    const { bytes } = await downloaded(files);
    assert.equal(sha(bytes), sha(content));
    assert.equal(files.asked.length, 100);
  }
});

test("five_attempts_without_a_byte_more_are_the_last_and_the_error_says_how_much_came", async () => {
  const files = setUpFiles((init) => goodAnswer(CONTENT, init, { ranges: false, until: 4_000, then: "break" }));
  const error = assertError(await broken(files), "NETWORK", { family: "export", taskId: "7", isRetryable: true });
  assert.equal(error.message, "export 7: the download broke off after 4000 of 10000 bytes: the connection broke");
  assert.equal(error.cause.name, "TypeError");
  assert.deepEqual(
    files.asked.map(({ at }) => at - files.asked[0].at),
    [0, 1_000, 3_000, 7_000, 15_000, 31_000],
  );
});

test("where_nothing_ever_answers_it_ends_within_three_seconds", async () => {
  const files = setUpFiles(() => {
    throw new TypeError("fetch failed");
  });
  const error = assertError(await broken(files), "NETWORK");
  assert.match(error.message, /broke off after 0 bytes: no answer came$/);
  assert.deepEqual(files.asked.map(({ at }) => at - files.asked[0].at), [0, 1_000, 3_000]);
});

test("a_body_that_ends_early_without_an_error_is_a_broken_connection", async () => {
  const files = setUpFiles((init, number) => goodAnswer(CONTENT, init, { until: number === 1 ? 3_000 : Infinity, then: "end" }));
  assert.equal(sha((await downloaded(files)).bytes), sha(CONTENT));
  assert.equal(files.asked.length, 2);
});

test("a_connection_that_stalls_is_given_up_and_closed_and_a_slow_reader_is_not", async () => {
  const answers = [];
  const files = setUpFiles((init, number) => {
    const answer = goodAnswer(CONTENT, init, number === 1 ? { until: 3_000, then: "stall" } : {});
    answers.push(answer);
    return answer;
  });
  const { body } = await files.clock.run(download(files.client, "7", { ...files.options, stallTimeoutMs: 5_000 }));
  const reader = body.getReader();
  const parts = [(await files.clock.run(reader.read())).value];
  await files.clock.advance(3_600_000);
  assert.equal(files.asked.length, 1, "the reader was slow, not the connection");
  const asked = files.clock.now();
  for (;;) {
    const { done, value } = await files.clock.run(reader.read());
    if (done) break;
    parts.push(value);
  }
  assert.equal(sha(Buffer.concat(parts)), sha(CONTENT));
  assert.equal(files.asked[1].at - asked, 5_000 + 1_000);
  assert(answers[0].counts.isCancelled);
});

test("an_answer_that_does_not_come_in_time_is_given_up_and_closed_when_it_comes", async () => {
  const late = served(CONTENT, { headers: wholeHeaders(CONTENT) });
  let answer;
  const files = setUpFiles((init, number) => (number === 1 ? new Promise((resolve) => (answer = resolve)) : goodAnswer(CONTENT, init)));
  assert.equal(sha((await downloaded(files)).bytes), sha(CONTENT));
  assert(files.asked[0].init.signal.aborted);
  answer(late);
  await turns();
  assert(late.counts.isCancelled);
});

for (const status of [400, 401, 403, 404, 410]) {
  test(`a_url_that_dies_in_the_middle_with_${status}_is_followed_by_a_new_one_at_once`, async () => {
    const files = setUpFiles((init, number) =>
      number === 2 ? served(contentOf(50), { status }) : goodAnswer(CONTENT, init, number === 1 ? { until: 6_000, then: "break" } : {}),
    );
    assert.equal(sha((await downloaded(files)).bytes), sha(CONTENT));
    assert.deepEqual(files.asked.map(({ url }) => /secret(\d)\//.exec(url)[1]), ["1", "1", "2"]);
    assert.equal(files.asked[2].init.headers.range, "bytes=6000-");
    assert.equal(files.asked[2].at, files.asked[1].at);
  });
}

test("two_new_urls_that_are_refused_end_it_with_the_status", async () => {
  const files = setUpFiles(() => served(contentOf(10), { status: 403 }));
  const error = assertError(await broken(files), "HTTP", { httpStatus: 403, isRetryable: false });
  assert.match(error.message, /^export 7: the download broke off after 0 bytes: the file's server answered 403$/);
  assert.equal(files.asked.length, 2);
});

test("a_server_that_refuses_ranges_gets_none_with_the_new_url", async () => {
  const files = setUpFiles((init, number) =>
    init.headers.range ? served(contentOf(10), { status: 403 }) : goodAnswer(CONTENT, init, number === 1 ? { until: 6_000, then: "break" } : {}),
  );
  assert.equal(sha((await downloaded(files)).bytes), sha(CONTENT));
});

test("503_and_429_are_waited_out_as_long_as_they_say_and_a_long_pause_ends_it", async () => {
  for (const [status, code] of [[503, "HTTP"], [429, "RATE_LIMITED"]]) {
    const files = setUpFiles((init, number) => (number <= 2 ? served(CONTENT, { status, headers: { "retry-after": "7" } }) : goodAnswer(CONTENT, init)));
    assert.equal(sha((await downloaded(files)).bytes), sha(CONTENT));
    assert.deepEqual(files.asked.map(({ at }) => at - files.asked[0].at), [0, 7_000, 14_000]);
    const longer = setUpFiles(() => served(CONTENT, { status, headers: { "retry-after": "3600" } }));
    assertError(await broken(longer), code, { httpStatus: status, retryAfterMs: 3_600_000, isRetryable: true });
    assert.equal(longer.asked.length, 1);
  }
});

test("an_answer_to_a_range_that_does_not_fit_is_not_used", async () => {
  const wrong = {
    "of another place": (start) => partHeaders(CONTENT, start + 1),
    "without its place": (start) => partHeaders(CONTENT, start, { "content-range": "" }),
    "of another length": (start) => partHeaders(CONTENT, start, { "content-range": `bytes ${start}-9999/10001` }),
    "of a strange unit": (start) => partHeaders(CONTENT, start, { "content-range": `items ${start}-9999/10000` }),
    "of another version": (start) => partHeaders(CONTENT, start, { etag: '"v2"' }),
    "of no version": (start) => partHeaders(CONTENT, start, { etag: "" }),
  };
  for (const [what, headersOf] of Object.entries(wrong)) {
    const files = setUpFiles((init, number) => {
      const start = startOf(init);
      if (start === 0) return goodAnswer(CONTENT, init, number === 1 ? { until: 5_000, then: "break" } : {});
      return served(contentOf(10_000 - start, 99), { status: 206, headers: headersOf(start) });
    });
    assert.equal(sha((await downloaded(files)).bytes), sha(CONTENT), what);
    assert.deepEqual(files.asked.map(({ init }) => init.headers.range), [undefined, "bytes=5000-", undefined], what);
  }
});

test("a_part_that_ends_early_is_a_broken_connection_also_where_the_length_of_the_file_is_unknown", async () => {
  const files = setUpFiles((init, number) => {
    const start = startOf(init);
    if (start === 0) return served(CONTENT, { headers: { etag: '"v1"' }, until: 5_000, then: "break" });
    const headers = { etag: '"v1"', "content-range": `bytes ${start}-9999/*` };
    return served(CONTENT.subarray(start), { status: 206, headers, until: number === 2 ? 1_000 : Infinity, then: "end" });
  });
  const { bytes, size } = await downloaded(files);
  assert.deepEqual([sha(bytes), size], [sha(CONTENT), undefined]);
  assert.deepEqual(files.asked.map(({ init }) => init.headers.range), [undefined, "bytes=5000-", "bytes=6000-"]);
});

test("a_416_is_followed_by_a_request_for_the_whole", async () => {
  const files = setUpFiles((init, number) =>
    init.headers.range ? served(contentOf(0), { status: 416 }) : goodAnswer(CONTENT, init, number === 1 ? { until: 5_000, then: "break" } : {}),
  );
  assert.equal(sha((await downloaded(files)).bytes), sha(CONTENT));
});

test("a_file_that_changed_meanwhile_is_an_error_and_not_a_mixture", async () => {
  const other = contentOf(10_000, 2);
  const shorter = contentOf(9_000);
  const cases = {
    "another content": () => served(other, { headers: wholeHeaders(other, { etag: '"v2"' }) }),
    "the same length without a version": () => served(other, { headers: wholeHeaders(other, { etag: "" }) }),
    "another length": () => served(shorter, { headers: wholeHeaders(shorter) }),
  };
  for (const [what, second] of Object.entries(cases)) {
    const files = setUpFiles((init, number) => (number === 1 ? goodAnswer(CONTENT, init, { until: 5_000, then: "break" }) : second(init)));
    const error = assertError(await broken(files), "INVALID_RESPONSE");
    assert.match(error.message, /broke off after 5000 of 10000 bytes: the file changed meanwhile/, what);
  }
});

test("a_file_of_unknown_length_that_got_shorter_has_changed", async () => {
  const files = setUpFiles((_init, number) => served(CONTENT, { until: 5_000, then: "break", ...(number > 1 && { until: 4_000, then: "end" }) }));
  assert.match(assertError(await broken(files), "INVALID_RESPONSE").message, /broke off after 5000 bytes: the file changed meanwhile/);
});

test("the_same_content_under_another_version_goes_on", async () => {
  const files = setUpFiles((init, number) =>
    number === 1 ? goodAnswer(CONTENT, init, { until: 5_000, then: "break" }) : served(CONTENT, { headers: wholeHeaders(CONTENT, { etag: '"v2"' }) }),
  );
  assert.equal(sha((await downloaded(files)).bytes), sha(CONTENT));
});

test("a_version_that_was_not_compared_to_its_end_is_not_gone_on_with_by_range", async () => {
  // The second answer is another file, and breaks off while what was had is compared.
  const other = contentOf(10_000, 2);
  const files = setUpFiles((init, number) => {
    if (number === 1) return goodAnswer(CONTENT, init, { until: 5_000, then: "break" });
    if (number === 2) return served(other, { headers: wholeHeaders(other, { etag: '"v2"' }), until: 3_000, then: "break" });
    return goodAnswer(other, init, { headers: { etag: '"v2"' } });
  });
  assert.match(assertError(await broken(files), "INVALID_RESPONSE").message, /changed/);
});

test("an_answer_that_was_compressed_on_its_way_has_no_size_and_goes_on_without_ranges", async () => {
  const headers = { "content-encoding": "gzip", "content-length": "1234" };
  const files = setUpFiles((init, number) => served(CONTENT, { headers: wholeHeaders(CONTENT, headers), ...(number === 1 && { until: 5_000, then: "break" }) }));
  const { bytes, size } = await downloaded(files);
  assert.equal(sha(bytes), sha(CONTENT));
  assert.equal(size, undefined);
  assert.deepEqual(files.asked.map(({ init }) => init.headers.range), [undefined, undefined]);
});

test("a_page_does_not_trust_the_length_of_another_origin's_answer", async () => {
  const headers = { "content-length": "1234" };
  const { body } = served(CONTENT);
  const pages = {
    "of another origin": ["https://app.example", () => served(CONTENT, { headers })],
    "in a sandbox": ["null", () => served(CONTENT, { headers })],
    "sent on to another origin": ["https://files.example", () => ({ type: "cors", status: 200, headers, body })],
  };
  try {
    for (const [what, [origin, answer]] of Object.entries(pages)) {
      globalThis.location = { origin, href: "https://app.example/" };
      const { bytes, size } = await downloaded(setUpFiles(answer));
      assert.deepEqual([sha(bytes), size], [sha(CONTENT), undefined], what);
    }
    globalThis.location = { origin: "https://files.example", href: "https://files.example/" };
    assert.equal((await downloaded(setUpFiles((init) => goodAnswer(CONTENT, init)))).size, 10_000, "of its own origin");
    globalThis.location = { origin: "https://app.example", href: "https://app.example/" };
    const refused = setUpFiles(() => {
      throw new TypeError("Failed to fetch");
    });
    assert.match((await broken(refused)).message, /CORS/);
  } finally {
    delete globalThis.location;
  }
});

test("an_empty_file_is_empty", async () => {
  for (const headers of [wholeHeaders(contentOf(0)), {}]) {
    for (const answer of [() => served(contentOf(0), { headers }), () => new Response(null, { headers })]) {
      const { bytes, isZipped } = await downloaded(setUpFiles(answer));
      assert.deepEqual([bytes.length, isZipped], [0, false]);
    }
  }
});

test("more_bytes_than_the_file_has_are_an_error", async () => {
  const files = setUpFiles(() => served(CONTENT, { part: 9_999, headers: wholeHeaders(CONTENT.slice(0, 5_000)) }));
  assert.match(assertError(await broken(files), "INVALID_RESPONSE").message, /more bytes came than the file has/);
});

test("a_page_of_html_is_no_file", async () => {
  for (const type of ["text/html; charset=utf-8", "text/html", "Text/HTML"]) {
    const files = setUpFiles(() => served(CONTENT, { headers: { "content-type": type } }));
    assertError(await broken(files), "INVALID_RESPONSE");
    assert.equal(files.asked.length, 1);
  }
});

test("the_stream_asks_for_nothing_that_is_not_read_and_its_cancel_closes_the_connection", async () => {
  let answer;
  const files = setUpFiles((init) => (answer = goodAnswer(CONTENT, init)));
  const { body } = await files.clock.run(download(files.client, "7", files.options));
  await turns();
  assert.equal(answer.counts.given, 1_000, "the beginning alone was read");
  const reader = body.getReader();
  for (let part = 0; part < 3; part++) await reader.read();
  await turns();
  assert.equal(answer.counts.given, 3_000);
  await reader.cancel();
  await turns();
  assert(answer.counts.isCancelled);
  assert(files.asked[0].init.signal.aborted);
});

test("an_abort_ends_it_at_each_stage_with_the_reason_and_leaves_no_listener", async () => {
  const stages = {
    "before it began": { before: true },
    "while the export is waited for": { status: hang },
    "while an answer is waited for": { answer: hang },
    "while bytes are waited for": { answer: (init) => goodAnswer(CONTENT, init, { until: 3_000, then: "stall" }) },
    "during a pause": { answer: () => served(CONTENT, { status: 503 }) },
    "while it is not read": { answer: (init) => goodAnswer(CONTENT, init), isRead: false },
  };
  for (const [stage, { before, status, answer = hang, isRead = true }] of Object.entries(stages)) {
    const { client, clock, requests } = setUp(status ?? (async () => complete()));
    const signal = countingSignal();
    const reason = new Error("enough");
    const inits = [];
    const fetch = async (url, init) => (inits.push(init), answer === hang ? hang(url, init) : answer(init));
    if (before) signal.abort(reason);
    const promise = download(client, "7", { clock, fetch, signal }).then(async ({ body }) => {
      // No time passes.
      if (isRead) return new Response(body).arrayBuffer();
      await turns();
      signal.abort(reason);
      assert(inits[0].signal.aborted, "the connection is closed at once");
      return body.getReader().read();
    });
    promise.catch(() => {});
    await turns();
    if (!before && isRead) {
      assert.equal((await stateOf(promise)).state, "pending", stage);
      signal.abort(reason);
    }
    assert.equal(await rejection(promise), reason, stage);
    assert.equal(signal.listeners, 0, stage);
    assert.equal(requests.length, before ? 0 : 1, stage);
    if (inits.length) assert(inits[0].signal.aborted, stage);
  }
});

test("no_listener_is_left_at_the_signal_when_it_ends", async () => {
  const outcomes = { end: (init) => goodAnswer(CONTENT, init), break: () => served(CONTENT, { status: 403 }) };
  for (const answer of Object.values(outcomes)) {
    const files = setUpFiles(answer);
    const signal = countingSignal();
    await downloaded(files, { signal }).catch((error) => assertError(error, "HTTP"));
    assert.equal(signal.listeners, 0);
  }
  const files = setUpFiles((init) => goodAnswer(CONTENT, init));
  const signal = countingSignal();
  const { body } = await files.clock.run(download(files.client, "7", { ...files.options, signal }));
  await body.cancel();
  assert.equal(signal.listeners, 0);
});

test("progress_is_told_with_each_part_and_what_its_listener_throws_ends_the_download", async () => {
  const told = [];
  await downloaded(setUpFiles(breaking(CONTENT, 2_500)), { onProgress: (progress) => told.push(progress) });
  assert.deepEqual(told.map(({ receivedBytes }) => receivedBytes), [1_000, 2_000, 2_500, 3_500, 4_500, 5_500, 6_500, 7_500, 8_500, 9_500, 10_000]);
  assert(told.every(({ totalBytes }) => totalBytes === 10_000));
  const thrown = new Error("mine");
  const files = setUpFiles((init) => goodAnswer(CONTENT, init));
  const onProgress = ({ receivedBytes }) => {
    if (receivedBytes > 5_000) throw thrown;
  };
  assert.equal(await broken(files, { onProgress }), thrown);
  assert(files.asked[0].init.signal.aborted);
});

test("the_url_is_in_no_error", async () => {
  const url = "https://files.example/secret1/contacts.csv?signature=s3cr3t1";
  const throwing = (message) => () => {
    const error = new TypeError(message);
    error.request = { url };
    error.cause = Object.assign(new Error(`connect ${url}`), { code: "ECONNRESET", url });
    throw error;
  };
  const cases = {
    "fetch threw the URL": throwing(`Failed to parse URL from ${url}`),
    "fetch threw its path": throwing("GET /secret1/contacts.csv?signature=s3cr3t1 failed"),
    "a status": () => served(contentOf(10), { status: 403 }),
    "a broken body": (init) => goodAnswer(CONTENT, init, { ranges: false, until: 3_000, then: "break" }),
    "no bytes": () => ({ status: 200, headers: new Headers(), body: { url } }),
  };
  for (const [what, answer] of Object.entries(cases)) {
    const error = await broken(setUpFiles(answer));
    assert(isHubSpotTaskError(error), what);
    for (const text of [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), error.stack]) {
      assert.doesNotMatch(text, /s3cr3t|secret\d/, what);
    }
  }
});

test("an_export_whose_urls_stop_coming_ends_with_that_error_and_the_bytes_that_came", async () => {
  let polls = 0;
  const { client, clock } = setUp(async () => (++polls === 1 ? complete() : { status: 404, body: {} }));
  const fetch = async (url, init) => (init.headers.range ? served(contentOf(9), { status: 403 }) : goodAnswer(CONTENT, init, { until: 2_000, then: "break" }));
  const error = await broken({ client, clock, options: { clock, fetch } });
  assertError(error, "NOT_FOUND", { httpStatus: 404, taskId: "7" });
  assert.match(error.message, /broke off after 2000 of 10000 bytes: export 7: /);
  assertError(error.cause, "NOT_FOUND");
});

test("answers_of_other_fetches_give_their_bytes", async () => {
  const headers = { "content-length": "10000" };
  const answers = {
    "a record of headers and an async iterable": () => ({
      status: 200,
      headers,
      body: (async function* () {
        yield Buffer.from(CONTENT.subarray(0, 4_000));
        yield CONTENT.buffer.slice(4_000, 10_000);
      })(),
    }),
    "statusCode and bytes": () => ({ statusCode: 200, headers, body: CONTENT }),
    "arrayBuffer()": () => ({ status: 200, headers: new Headers(headers), arrayBuffer: async () => CONTENT.buffer.slice(0) }),
  };
  for (const [what, answer] of Object.entries(answers)) {
    const { bytes, size } = await downloaded(setUpFiles(answer));
    assert.deepEqual([sha(bytes), size], [sha(CONTENT), 10_000], what);
  }
  const error = await broken(setUpFiles(() => ({ status: 200, text: async () => "text" })));
  assert.match(assertError(error, "INVALID_RESPONSE").message, /without bytes/);
});

/** An answer of a fetch of somebody's own, as a plain object. */
const plainAnswer = (init, headers, how) => {
  const { body } = served(CONTENT.subarray(startOf(init)), how);
  return { status: init.headers.range ? 206 : 200, headers, body };
};

test("headers_in_a_plain_object_are_read_in_whatever_case_their_names_are", async () => {
  const names = [(name) => name, (name) => name.toUpperCase(), (name) => name.replace(/\b\w/g, (letter) => letter.toUpperCase())];
  for (const named of names) {
    const inCase = (headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [named(name), value]));
    const files = setUpFiles((init, number) => {
      const start = startOf(init);
      const headers = inCase(start ? partHeaders(CONTENT, start) : wholeHeaders(CONTENT, { "content-disposition": "attachment; filename=own.csv" }));
      // The first one ends early, as if it were whole.
      return plainAnswer(init, headers, { until: number === 1 ? 3_000 : Infinity, then: "end" });
    });
    const { bytes, body, ...about } = await downloaded(files);
    assert.equal(sha(bytes), sha(CONTENT), names.indexOf(named));
    assert.deepEqual(about, { fileName: "own.csv", contentType: "text/csv", size: 10_000, isZipped: false });
    assert.deepEqual(files.asked.map(({ init }) => init.headers.range), [undefined, "bytes=3000-"]);
  }
});

test("a_length_that_is_no_number_of_bytes_is_none", async () => {
  for (const length of ["", " ", "-5", "+5", "0x8", "8.0", "1e1", "Infinity", "8, 8", "99999999999999999999", "many", 8n, null]) {
    const files = setUpFiles((init) => plainAnswer(init, { "content-length": length }));
    const { bytes, size } = await downloaded(files);
    assert.deepEqual([sha(bytes), size, files.asked.length], [sha(CONTENT), undefined, 1], String(length));
  }
});

test("headers_that_throw_when_they_are_read_are_as_good_as_absent", async () => {
  const fail = () => {
    throw new Error("mine");
  };
  for (const headers of [{ get: fail }, Object.defineProperty({}, "content-length", { enumerable: true, get: fail }), new Proxy({}, { get: fail, ownKeys: fail }), null, "text"]) {
    const { bytes, size } = await downloaded(setUpFiles((init) => plainAnswer(init, headers)));
    assert.deepEqual([sha(bytes), size], [sha(CONTENT), undefined]);
  }
});

test("what_is_no_answer_at_all_ends_it_at_once_and_one_that_throws_is_an_answer_that_did_not_come", async () => {
  for (const answer of [undefined, null, 5, "text", {}, { status: "good" }, { status: NaN }]) {
    const files = setUpFiles(() => answer);
    assert.match(assertError(await broken(files), "INVALID_RESPONSE").message, /broke off after 0 bytes: fetch gave something that is no response$/);
    assert.equal(files.asked.length, 1);
  }
  for (const name of ["status", "headers", "body"]) {
    const answer = { status: 200, headers: {}, body: CONTENT };
    Object.defineProperty(answer, name, {
      get() {
        throw new Error("https://files.example/secret1/contacts.csv");
      },
    });
    const error = assertError(await broken(setUpFiles(() => answer)), "NETWORK");
    assert.doesNotMatch(inspect(error), /secret1/, name);
  }
});

test("a_pause_until_a_date_is_counted_by_the_server's_clock_and_a_text_that_is_no_date_is_none", async () => {
  const date = (ms) => new Date(ms).toUTCString();
  // Its clock is a year ahead of ours.
  const now = Date.UTC(2030, 0, 1);
  const pauses = [
    [{ date: date(now), "Retry-After": date(now + 7_000) }, 7_000],
    [{ date: date(now), "retry-after": date(now - 7_000) }, 1_000],
    [{ "retry-after": "soon 2099" }, 1_000],
    [{ "retry-after": "2099-01-01" }, 1_000],
    [{ "retry-after": "-5" }, 1_000],
  ];
  for (const [headers, pauseMs] of pauses) {
    const files = setUpFiles((init, number) => (number === 1 ? { status: 503, headers, body: null } : goodAnswer(CONTENT, init)));
    assert.equal(sha((await downloaded(files)).bytes), sha(CONTENT));
    assert.equal(files.asked[1].at - files.asked[0].at, pauseMs, JSON.stringify(headers));
  }
});

test("a_zip_is_known_by_its_first_bytes_and_a_workbook_is_none", async () => {
  const signature = (...bytes) => Uint8Array.from([...bytes, ...new Uint8Array(100)]);
  const workbook = new Uint8Array(200);
  workbook.set(Buffer.from(`PK\x03\x04${"\0".repeat(26)}[Content_Types].xml`, "latin1"));
  const cases = [
    [signature(80, 75, 3, 4), true, "export-7.zip"],
    [signature(80, 75, 5, 6), true, "export-7.zip"],
    [workbook, false, "export-7.xlsx"],
    [signature(0xd0, 0xcf, 0x11, 0xe0), false, "export-7.xls"],
    [Uint8Array.from([80, 75]), false, "export-7.csv"],
    [Buffer.from("PKs,b\n1,2\n"), false, "export-7.csv"],
  ];
  for (const [content, isZipped, fileName] of cases) {
    for (const part of [1, 3, 1_000]) {
      const { clock, client } = setUp(async () => complete({ result: "https://files.example/download?signature=s" }));
      const fetch = async () => served(content, { part, headers: { "content-type": "application/octet-stream" } });
      const result = await clock.run(download(client, "7", { clock, fetch }));
      assert.deepEqual([result.isZipped, result.fileName], [isZipped, fileName]);
      assert.equal(sha(await readAll(clock, result.body)), sha(content));
    }
  }
});

test("a_file's_name_is_safe_whatever_its_server_calls_it", async () => {
  const names = {
    'attachment; filename="all contacts.csv"': "all contacts.csv",
    "attachment; filename=plain.csv": "plain.csv",
    "attachment;filename=first.csv;filename=second.csv": "first.csv",
    "attachment; filename=\"x.csv\"; filename*=UTF-8''Kontakte%20%C3%BC.csv": "Kontakte ü.csv",
    "attachment; filename*=utf-8'de'%E2%82%AC.csv": "€.csv",
    "attachment; filename*=UTF-8''%ff%fe.csv; filename=b.csv": "b.csv",
    'attachment; filename="a\\"b.csv"': "a_b.csv",
    'attachment; filename="../../etc/passwd"': "passwd.csv",
    'attachment; filename="..\\\\..\\\\windows\\\\system.ini"': "system.ini",
    "attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd": "passwd.csv",
    "attachment; filename*=UTF-8''a%0d%0ax%00y.csv": "axy.csv",
    "attachment; filename*=UTF-8''evil%E2%80%AEvsc.exe": "evilvsc.exe",
    'attachment; filename="..."': "contacts.csv",
    'attachment; filename=""': "contacts.csv",
    'attachment; filename="/"': "contacts.csv",
    'attachment; filename="CON.csv"': "_CON.csv",
    'attachment; filename="a:b|c?.csv"': "a_b_c_.csv",
    'attachment; filename="con .old.csv"': "_con .old.csv",
    'attachment; filename="COM\u00b9.csv"': "_COM¹.csv",
    "attachment; filename=conin$": "_conin$.csv",
    'attachment; filename="all contacts ..csv"': "all contacts.csv",
    [`attachment; filename="${"x".repeat(500)}.csv"`]: `${"x".repeat(206)}.csv`,
    [`attachment; filename="${"x".repeat(209)} ${"y".repeat(99)}"`]: `${"x".repeat(209)}.csv`,
    'attachment; filename="K\u00c3\u00bcrzel.csv"': "Kürzel.csv",
    'attachment; filename="50%25 off.csv"': "50%25 off.csv",
    inline: "contacts.csv",
    "": "contacts.csv",
  };
  for (const [disposition, expected] of Object.entries(names)) {
    const answer = { status: 200, headers: { "content-disposition": disposition }, body: CONTENT };
    assert.equal((await downloaded(setUpFiles(() => answer))).fileName, expected, disposition);
  }
});

test("a_file's_name_has_no_more_bytes_than_file_systems_take_and_no_half_of_a_character", async () => {
  for (const character of ["a", "ü", "€", "😀", "a😀", "aü€😀"]) {
    for (const extension of ["", ".csv", ".download"]) {
      const name = character.repeat(90) + extension;
      const headers = { "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name)}` };
      const { fileName } = await downloaded(setUpFiles(() => ({ status: 200, headers, body: CONTENT })));
      const end = extension || ".csv";
      assert(Buffer.byteLength(`${fileName}.part.json.new`) <= 255, fileName);
      assert.equal(Buffer.from(fileName).toString(), fileName, "no half of a pair");
      assert(fileName.endsWith(end) && name.startsWith(fileName.slice(0, -end.length)), fileName);
      assert(Buffer.byteLength(fileName) >= Math.min(Buffer.byteLength(name), 205), "not shorter than it has to be");
    }
  }
});

test("wrong_arguments_are_refused_by_name_before_anything_is_sent", async () => {
  const files = setUpFiles(() => assert.fail("sent"));
  const { client, requests, options } = files;
  const wrong = [
    [client, "x7", {}, /taskId: got "x7"/],
    [client, {}, {}, /^taskOrId: got a value of type object/],
    [client, null, {}, /^taskOrId: /],
    [client, undefined, {}, /taskId/],
    [{}, "7", {}, /^client: got a value of type object, takes a HubSpotTasks/],
    [undefined, "7", {}, /^client: /],
    [client, "7", 5, /^options: /],
    [client, "7", { signal: {} }, /^signal: got a value of type object, takes an AbortSignal$/],
    [client, "7", { signal: { get aborted() { throw new Error("mine"); } } }, /^signal: got a value of type object, takes an AbortSignal$/],
    [client, "7", { signal: "s3cr3t" }, /^signal: got a value of type string, takes an AbortSignal$/],
    [client, "7", { stallTimeoutMs: 0 }, /^stallTimeoutMs: got 0/],
    [client, "7", { stallTimeoutMs: "5" }, /^stallTimeoutMs: got "5"/],
    [client, "7", { onProgress: 1 }, /^onProgress: /],
    [client, "7", { fetch: "x" }, /^fetch: /],
    [client, "7", { clock: {} }, /^clock: /],
  ];
  for (const [one, id, others, message] of wrong) {
    const given = typeof others === "object" ? { ...options, ...others } : others;
    assert.match(assertError(await rejection(download(one, id, given)), "INVALID_ARGUMENT").message, message);
  }
  assert.equal(requests.length, 0);
});

test("a_task_without_a_file_is_refused", async () => {
  const { client, clock } = setUp(async () => complete({ result: { id: "1", url: "https://files.example/a.png" } }));
  const error = await clock.run(download(client, client.fileImports.task("a"), { clock, fetch: hang })).catch((reason) => reason);
  assert.match(assertError(error, "INVALID_ARGUMENT").message, /^fileImport a: .*takes an export/);
});

test("options_that_are_null_are_not_given", async () => {
  const original = globalThis.fetch;
  globalThis.fetch = async (url, init) => goodAnswer(CONTENT, init);
  try {
    const client = new HubSpotTasks({ fetch: async () => complete() });
    const none = { signal: null, onProgress: null, stallTimeoutMs: null, fetch: null, clock: null };
    const { body } = await download(client, "7", none);
    assert.equal(sha(Buffer.from(await new Response(body).arrayBuffer())), sha(CONTENT));
  } finally {
    globalThis.fetch = original;
  }
});

/** Draws numbers below `limit`, the same ones for each seed. */
function drawing(seed) {
  let state = seed * 2654435761 + 1;
  return (limit) => ((state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 8) % limit;
}

/** What a server may do with a request, good and bad. It is asked for the same file each time. */
const DEEDS = [
  (init, draw) => goodAnswer(CONTENT, init, { part: 1 + draw(3_000), until: draw(4_000), then: "break" }),
  (init, draw) => goodAnswer(CONTENT, init, { part: 1 + draw(3_000), until: draw(4_000), then: "stall" }),
  (init, draw) => goodAnswer(CONTENT, init, { part: 1 + draw(3_000), until: draw(9_000), then: "end" }),
  (init, draw) => goodAnswer(CONTENT, init, { part: 1 + draw(3_000), until: draw(12_000), then: "break", ranges: false }),
  (init, draw) => goodAnswer(CONTENT, init, { part: 1 + draw(500), headers: { etag: `"v${draw(3)}"` }, until: draw(12_000), then: "break" }),
  (init, draw) => served(contentOf(10_000, 5), { status: 206, headers: partHeaders(CONTENT, draw(2) ? startOf(init) : draw(10_000), { etag: '"v9"' }) }),
  (init, draw) => served(CONTENT, { status: [403, 404, 410, 416, 429, 500, 503][draw(7)] }),
  (init, draw) => served(CONTENT, { headers: { "content-encoding": "gzip", "content-length": "99" }, until: 5_000 + draw(6_000), then: "break" }),
  hang,
  () => Promise.reject(new TypeError("fetch failed")),
];

test("whatever_a_server_does_no_byte_is_lost_or_doubled", async () => {
  const ends = { whole: 0, broken: 0 };
  for (let seed = 1; seed <= 150; seed++) {
    const draw = drawing(seed);
    const files = setUpFiles((init) => {
      const deed = DEEDS[draw(DEEDS.length)];
      return deed === hang ? hang("", init) : deed(init, draw);
    });
    const parts = [];
    try {
      const { body } = await files.clock.run(download(files.client, "7", files.options));
      const reader = body.getReader();
      for (let step; !(step = await files.clock.run(reader.read())).done; ) parts.push(step.value);
      assert.equal(sha(Buffer.concat(parts)), sha(CONTENT), `seed ${seed}`);
      ends.whole++;
    } catch (error) {
      assert(isHubSpotTaskError(error), `seed ${seed}: ${error.stack}`);
      // What was given out before is the beginning of the file.
      const came = Buffer.concat(parts);
      assert.equal(sha(came), sha(CONTENT.subarray(0, came.length)), `seed ${seed}`);
      ends.broken++;
    }
  }
  assert(ends.whole > 40 && ends.broken > 8, JSON.stringify(ends));
});
