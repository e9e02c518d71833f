// Signs the visitor in, and reports what the page says in the end.
const SCRIPT = `
document.cookie = "session=ada";
const server = new URL(location.href).searchParams.get("server");
const timer = setInterval(() => {
  const text = document.querySelector("p")?.textContent;
  if (!text || text === "PROCESSING") return;
  clearInterval(timer);
  fetch(server + "/report", { method: "POST", body: JSON.stringify(text) });
}, 50);
`;

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <script dangerouslySetInnerHTML={{ __html: SCRIPT }} />
        {children}
      </body>
    </html>
  );
}
