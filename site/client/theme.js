// Before anything is shown: the theme that was chosen here, if any; else the system's counts.
(() => {
  let chosen;
  try {
    chosen = localStorage.getItem("theme");
  } catch {
    // Where nothing may be stored there is no choice to keep.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  document.documentElement.classList.add("script");
})();
