/*
 * The parts of the page. Each uses only the parts above it, and no view knows another:
 *
 * - model/    what is shown, as plain data, and the words for it
 * - session/  the pool: the only part that calls Agent Pool, with the page's journal and event bus
 * - views/    one file for each part of the page: it renders what it is given, and passes on the user's actions
 * - app.ts    connects them
 */
import { startApp } from "./app.js";

void startApp();
