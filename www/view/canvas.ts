// A canvas that is as large as its place, whatever the screen's density.

export interface Surface {
  readonly node: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** `node` keeps the size that the style sheet gives it. */
export function createSurface(node: HTMLCanvasElement): Surface {
  const context = node.getContext("2d");
  if (!context) throw new Error("this browser draws no canvas");
  const surface = { node, context, width: 0, height: 0 };
  const fit = () => {
    const { clientWidth, clientHeight } = node;
    const density = Math.min(devicePixelRatio, 2);
    [surface.width, surface.height] = [clientWidth, clientHeight];
    [node.width, node.height] = [Math.round(clientWidth * density), Math.round(clientHeight * density)];
    context.setTransform(density, 0, 0, density, 0, 0);
  };
  new ResizeObserver(fit).observe(node);
  fit();
  return surface;
}
