export interface Session {
  year: number;
  /** name of the event */
  event: string;
  session: string;
  is_simulated: boolean;
}

export interface Model {
  sessions: Session[];
  value: Session | null;
}
