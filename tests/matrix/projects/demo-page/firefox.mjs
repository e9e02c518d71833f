// Drives the demo page in Firefox, over WebDriver BiDi: firefox.mjs PROGRAM URL STRICT_URL. Prints what was done, and what
// went wrong meanwhile, as JSON.
import puppeteer from "puppeteer-core";
import { STEPS } from "./drive.mjs";

const [executablePath, url, strictUrl] = process.argv.slice(2);

async function drive(page, done) {
  for (const [name, step] of Object.entries(STEPS)) {
    try {
      await step(page, { url, strictUrl });
    } catch (error) {
      throw new Error(`“${name}”: ${error.message}`, { cause: error });
    }
    done.push(name);
  }
}

const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
const [done, troubles] = [[], []];
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1200, height: 900 });
  page.on("pageerror", ({ message }) => troubles.push(`thrown: ${message}`));
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) troubles.push(`console: ${message.text()}`);
  });
  await drive(page, done);
} catch (error) {
  troubles.push(error.message);
} finally {
  await browser.close();
}
console.log(JSON.stringify({ done, troubles }));
