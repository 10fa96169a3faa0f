import { icon } from "../shared/status";

export const PLAY = icon('<path d="M4 2.2v11.6L13.6 8z" fill="currentColor"/>', 18);
export const PAUSE = icon('<path d="M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z" fill="currentColor"/>', 18);
export const PREVIOUS = icon('<path d="M2.5 3v10h1.8V3zM13.5 3v10L5.5 8z" fill="currentColor"/>');
export const NEXT = icon('<path d="M13.5 3v10h-1.8V3zM2.5 3v10l8-5z" fill="currentColor"/>');
export const END = icon('<path d="M3 2.5 10 8l-7 5.5zM11.2 2.5H13v11h-1.8z" fill="currentColor"/>', 13);
export const LIST = icon(
  '<path d="M2 3.2h2v2H2zm4 .2h8v1.6H6zM2 7h2v2H2zm4 .2h8v1.6H6zM2 10.8h2v2H2zm4 .2h8v1.6H6z" fill="currentColor"/>',
);
