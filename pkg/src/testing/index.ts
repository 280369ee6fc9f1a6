/**
 * The contracts of the ports, for those who write a port. Each contract consists of clauses that any test runner can
 * register; a clause that the port does not keep throws a {@link ContractViolation}, which says what was broken.
 *
 * ```js
 * import { journalContract } from "agent-pool/testing";
 * import test from "node:test";
 *
 * for (const { name, run } of journalContract(() => new FileJournal(newFile()), { records: (journal) => journal.read() })) {
 *   test(`the file journal ${name}`, run);
 * }
 * ```
 *
 * @packageDocumentation
 */
export type { EventBusPort, JournalPort } from "../port-forms.js";
export type { Without } from "../types/given.js";
export { ContractViolation, type ContractClause, type ContractOptions, type EndPort } from "./contract.js";
export { journalContract, type HeldRecords, type JournalContractOptions } from "./journal.js";
export { batchJournalContract, type BatchJournalPort } from "./batch-journal.js";
export { eventBusContract, type EventBusContractOptions, type SeenFrames } from "./event-bus.js";
export { askedEventBusContract, type AskedEventBusPort } from "./asked-event-bus.js";
export { clockContract, type ClockContractOptions, type ClockPort } from "./clock.js";
export { idSourceContract, type IdSourcePort } from "./ids.js";
export { runLauncherContract, type RunLauncherContractOptions, type RunLauncherPort } from "./run-launcher.js";
