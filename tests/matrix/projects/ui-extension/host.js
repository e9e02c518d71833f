// The page that holds an extension's worker.
const server = location.origin;
const report = (result) => fetch("/report", { method: "POST", body: JSON.stringify(result) });
const worker = new Worker(`worker.js?server=${server}`);
worker.onmessage = ({ data }) => report(data);
worker.onerror = ({ message, filename, lineno }) => report({ thrown: { message, filename, lineno } });
