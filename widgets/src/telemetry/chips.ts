// A chip per lap: who, which lap, its time, its tyre; and the choice of another lap.
import { lineSample } from "../shared/drivers";
import { esc, lapTime } from "../shared/format";
import { compoundLetters, tyre } from "../shared/status";
import type { Lap } from "./laps";

export interface Chip {
  driver: string;
  lap: number;
  row: Lap | undefined;
  slot: number;
  color: string;
  /** `missing`: no telemetry of this lap; `absent`: it is not in this file; `coming`: asked for */
  state: "here" | "coming" | "missing" | "absent";
  isAhead: boolean;
  /** laps of the driver that can be chosen */
  choices: Lap[];
  /** the entry that gives the choice back to the clock; false where there is nothing to give back */
  hasAuto: boolean;
  isAuto: boolean;
}

const WORDS: Record<Chip["state"], string> = {
  here: "",
  coming: "loading",
  missing: "no telemetry of this lap",
  absent: "telemetry not in this file",
};

/** What the clock chose, of the best lap of each stint: one after the clock is the best there is, not the best so far. */
const autoWords = (isAhead: boolean): string => (isAhead ? "best lap" : "best of the stints so far");

/** The words after the panel's title. */
export function metaText(chips: Chip[]): string {
  const auto = chips.filter((chip) => chip.isAuto);
  return auto.length ? autoWords(auto.some((chip) => chip.isAhead)) : "";
}

function choiceText(lap: Lap): string {
  const tyres = lap.compound ? `, ${compoundLetters(lap.compound)}${lap.age ?? ""}` : "";
  return `lap ${lap.lap}, ${lapTime(lap.time_s)}${tyres}`;
}

function select(chip: Chip): string {
  const auto = chip.hasAuto
    ? `<option value=""${chip.isAuto ? " selected" : ""}>${autoWords(chip.isAuto && chip.isAhead)}</option>`
    : "";
  const options = chip.choices.map((lap) => {
    const isChosen = lap.lap === chip.lap && !chip.isAuto;
    return `<option value="${lap.lap}"${isChosen ? " selected" : ""}>${esc(choiceText(lap))}</option>`;
  });
  return `<select aria-label="Lap of ${esc(chip.driver)}">${auto}${options.join("")}</select>`;
}

export function chipHtml(chip: Chip): string {
  const { driver, lap, row, state } = chip;
  const ahead = chip.isAhead
    ? '<span class="f1nb-badge" data-k="est" title="This lap had not been driven at the session clock">after the clock</span>'
    : "";
  const facts =
    state === "here"
      ? `<span class="f1nb-fig">${lapTime(row?.time_s)}</span> ${row?.compound ? tyre(row.compound, row.age) : ""}${ahead}`
      : `<span class="f1nb-q">${WORDS[state]}</span>`;
  return (
    `<span class="f1nb-lapchip" role="listitem" data-driver="${esc(driver)}" data-lap="${esc(lap)}" data-state="${state}" style="--c: ${chip.color}">` +
    `${lineSample(chip.slot)}<b>${esc(driver)}</b><span class="f1nb-pick">lap ${esc(lap)}${select(chip)}</span>${facts}</span>`
  );
}
