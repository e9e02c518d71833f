// Vite makes a file of its own of a style sheet that is imported, as the page's policy wants it.
declare module "*.css";
