// Style sheets that a part of the page brings: Vite makes files of them.
declare module "*.css";
