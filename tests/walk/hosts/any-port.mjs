// A free port in the place of the one that a page names, told on the standard output.
import { Server } from "node:net";

const { listen } = Server.prototype;
Server.prototype.listen = function () {
  this.once("listening", () => console.log(`listening at http://127.0.0.1:${this.address().port}`));
  return listen.call(this, 0, "127.0.0.1");
};
