import type { PanelModel } from "../shared/models";

export interface Badge {
  kind: "live" | "connecting" | "lost" | "replay" | "simulated" | "provisional" | "sign_in" | "failed";
  text: string;
  /** the sentence behind it */
  title: string;
}

export interface Model extends PanelModel {
  badges: Badge[];
  picker: string | null;
}
