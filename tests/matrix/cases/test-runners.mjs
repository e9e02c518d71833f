// Test runners, as users of the package test their own code: against its simulator, in process.
import { existsSync, readFileSync } from "node:fs";

/** The scenario, and three tests with the tool's fake timers. */
const PASSED = { passed: 4, failed: 0, messages: [] };

/** Runs the tests. Jest and Vitest write the same report, also when tests fail. */
async function outcome(c, name, args) {
  const ended = await c.tool(name, [...args, "--outputFile=report.json"]).catch((error) => error);
  if (!existsSync(c.path("report.json"))) throw ended;
  const report = JSON.parse(readFileSync(c.path("report.json"), "utf8"));
  const messages = report.testResults
    .flatMap(({ message, assertionResults }) => [message, ...assertionResults.flatMap((test) => test.failureMessages)])
    .filter(Boolean);
  return { passed: report.numPassedTests, failed: report.numFailedTests, messages };
}

const jest = (environment) => (c) => {
  c.project("jest");
  for (const file of ["scenario.mjs", "account.mjs"]) c.commonjs(file);
  return outcome(c, "jest", ["--json", `--env=${environment}`]);
};

const vitest = (environment) => (c) => {
  c.project("vitest");
  return outcome(c, "vitest", ["run", "--reporter=json", `--environment=${environment}`]);
};

export const testRunners = [
  { name: "Jest (jsdom)", quick: true, expected: PASSED, run: jest("jsdom") },
  { name: "Jest (node)", expected: PASSED, run: jest("node") },
  { name: "Vitest (node)", quick: true, expected: PASSED, run: vitest("node") },
  { name: "Vitest (jsdom)", expected: PASSED, run: vitest("jsdom") },
];
