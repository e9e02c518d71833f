// React and remote-ui, as HubSpot's worker brings them; and a root that the worker looks into.
import { createRemoteRoot } from "@remote-ui/core";
import * as RemoteUI from "@remote-ui/react";
import * as React from "react";

const { createRoot } = RemoteUI;

export { React, RemoteUI };

/** Shows an element, and gives what is shown: `{ type, props, text, children }`. */
export function show(element) {
  const root = createRemoteRoot(() => {});
  createRoot(root).render(element);
  root.mount();
  return () => root.children.flatMap(shown);
}

const shown = (node) =>
  node.kind === 2
    ? [{ text: node.text }]
    : [{ type: node.type, props: node.props, text: node.children.flatMap(shown).map(({ text }) => text).join("") }, ...node.children.flatMap(shown)];
