// From metres on the ground to pixels of the panel.

/** Pixels: x = ox + k (x cos − y sin), y = oy − k (x sin + y cos). */
export interface View {
  k: number;
  cos: number;
  sin: number;
  ox: number;
  oy: number;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export const screenX = (v: View, x: number, y: number): number => v.ox + v.k * (x * v.cos - y * v.sin);
export const screenY = (v: View, x: number, y: number): number => v.oy - v.k * (x * v.sin + y * v.cos);

/** The place on the ground under a pixel. */
export function ground(v: View, px: number, py: number): [number, number] {
  const a = (px - v.ox) / v.k;
  const b = (v.oy - py) / v.k;
  return [a * v.cos + b * v.sin, b * v.cos - a * v.sin];
}

/** The view that shows all points in the box, turned counter-clockwise. */
export function fitted(x: ArrayLike<number>, y: ArrayLike<number>, turn_deg: number, box: Box): View {
  const turn = (turn_deg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  let [x0, x1, y0, y1] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (let i = 0; i < x.length; i++) {
    const a = x[i] * cos - y[i] * sin;
    const b = x[i] * sin + y[i] * cos;
    x0 = Math.min(x0, a);
    x1 = Math.max(x1, a);
    y0 = Math.min(y0, b);
    y1 = Math.max(y1, b);
  }
  const k = Math.max(1e-3, Math.min(box.width / Math.max(x1 - x0, 1), box.height / Math.max(y1 - y0, 1)));
  const ox = box.left + box.width / 2 - (k * (x0 + x1)) / 2;
  const oy = box.top + box.height / 2 + (k * (y0 + y1)) / 2;
  return { k, cos, sin, ox, oy };
}

/** A quarter turn is worth it only when it shows the circuit this much larger: people know a circuit by its orientation. */
const WORTH_TURNING = 1.2;

/**
 * The view of the whole circuit. A published rotation is kept. Without one the north of the data is up, or turned by a quarter
 * where the panel's shape asks for it.
 */
export function overview(x: ArrayLike<number>, y: ArrayLike<number>, rotation_deg: number, box: Box): View {
  const upright = fitted(x, y, rotation_deg || 0, box);
  if (rotation_deg) return upright;
  const turned = fitted(x, y, 90, box);
  return turned.k > upright.k * WORTH_TURNING ? turned : upright;
}

/** The same orientation, at `k` pixels a metre, with this place in the middle of the box. */
export function centred(v: View, k: number, x: number, y: number, box: Box): View {
  const mx = box.left + box.width / 2;
  const my = box.top + box.height / 2;
  return { ...v, k, ox: mx - k * (x * v.cos - y * v.sin), oy: my + k * (x * v.sin + y * v.cos) };
}

/** Between two views of the same orientation: share 0 is `a`, 1 is `b`. */
export function between(a: View, b: View, share: number): View {
  const mix = (p: number, q: number) => p + (q - p) * share;
  return { ...b, k: mix(a.k, b.k), ox: mix(a.ox, b.ox), oy: mix(a.oy, b.oy) };
}
