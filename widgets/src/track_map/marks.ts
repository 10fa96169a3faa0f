// Signs of the canvas.

export function disc(g: CanvasRenderingContext2D, x: number, y: number, radius: number, color: string): void {
  g.beginPath();
  g.arc(x, y, radius, 0, 2 * Math.PI);
  g.fillStyle = color;
  g.fill();
}

export function cross(g: CanvasRenderingContext2D, x: number, y: number, half: number, color: string, width: number): void {
  g.beginPath();
  g.moveTo(x - half, y - half);
  g.lineTo(x + half, y + half);
  g.moveTo(x + half, y - half);
  g.lineTo(x - half, y + half);
  g.lineCap = "round";
  g.lineWidth = width;
  g.strokeStyle = color;
  g.stroke();
}

/** A car that is not there: its colour as a dashed ring. */
export function ghostDot(g: CanvasRenderingContext2D, x: number, y: number, color: string, surface: string): void {
  disc(g, x, y, 8.5, surface);
  g.beginPath();
  g.arc(x, y, 6.5, 0, 2 * Math.PI);
  g.setLineDash([3.2, 2.2]);
  g.lineWidth = 2.4;
  g.strokeStyle = color;
  g.stroke();
  g.setLineDash([]);
}
