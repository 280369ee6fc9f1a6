import { chip } from "../dom.js";
import type { Status } from "../model/model.js";
import { statusText } from "../model/words.js";

const TONES: Readonly<Record<Status, string>> = {
  accepted: "wait",
  delivered: "good",
  responded: "good",
  failed: "bad",
  timed_out: "quiet",
  expired: "quiet",
  cancelled: "quiet",
  registered: "wait",
  triggered: "good",
  overdue: "bad",
  joined: "good",
  left: "quiet",
};

/** A status, in its colour. */
export function statusChip(status: Status): HTMLElement {
  return chip(statusText(status), TONES[status]);
}
