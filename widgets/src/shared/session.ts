// What a session is called.

export const SESSION_NAMES: Record<string, string> = {
  FP1: "Practice 1",
  FP2: "Practice 2",
  FP3: "Practice 3",
  Q: "Qualifying",
  SQ: "Sprint qualifying",
  S: "Sprint",
  R: "Race",
};
