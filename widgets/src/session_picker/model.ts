export interface Session {
  year: number;
  /** name of the event */
  event: string;
  session: string;
  is_simulated: boolean;
  /** read from the store that others fill */
  is_shared?: boolean;
}

export interface Model {
  sessions: Session[];
  value: Session | null;
}
