// The demo page's words: each language has them all, with the same holes; and which language is picked.
// Run: node --test tests/demo-words.test.mjs
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { load } from "./demo-page/world.mjs";

const { LANGUAGES, PICTURE_WORDS, loadSpeech, pickLanguage } = await load("words/words.ts", "panels/pictures/words.ts");
const english = await LANGUAGES.en.load();
const holes = (text) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

describe("the demo page's words", () => {
  for (const [language, { name, load: loadWords }] of Object.entries(LANGUAGES)) {
    test(`are complete in ${name}`, async () => {
      const words = await loadWords();
      assert.deepEqual(Object.keys(words), Object.keys(english));
      for (const [key, text] of Object.entries(words)) {
        assert.ok(text.trim() === text && text !== "", `${key} is blank, or has blanks around it`);
        assert.deepEqual(holes(text), holes(english[key]), key);
      }
    });

    test(`are spoken in ${name}, numbers too`, async () => {
      const speech = await loadSpeech(language);
      assert.equal(speech.language, language);
      assert.equal(speech.seconds(undefined), speech.say("none"));
      assert.ok(speech.seconds(1_250).includes(new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(1.3)));
      assert.ok(speech.say("lane.field", { over: 1_234, tasks: 5, told: "six" }).includes(speech.number(1_234)));
    });
  }

  for (const [language, loadPictures] of Object.entries(PICTURE_WORDS)) {
    test(`say in ${LANGUAGES[language].name} of a task's square where the task is shown, as it is called there`, async () => {
      const [speech, pictures] = await Promise.all([loadSpeech(language), loadPictures()]);
      for (const key of ["timeline", "timeline.task"]) assert.ok(speech.say("lane.field.choose").includes(pictures[key]), key);
    });
  }

  test("are those of the address, else the first of the browser's that there is, else English", () => {
    assert.equal(pickLanguage("en-GB", ["de"]), "en");
    assert.equal(pickLanguage(null, ["tlh", "en-US"]), "en");
    assert.equal(pickLanguage("constructor", []), "en");
    assert.equal(pickLanguage(null, []), "en");
  });

  test("keep a hole for which nothing is given", async () => {
    const { say } = await loadSpeech("en");
    assert.match(say("lead"), /\{tasks\}/);
  });
});
