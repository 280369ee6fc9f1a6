/*
 * The page, part by part; each uses only those above it, and no view knows another:
 *
 * - model/    what there is to show, as plain data, and the words for it
 * - session/  the pool: the only part that calls Agent Pool, with the page's journal and event bus
 * - views/    one file a part of the page: it renders what it is given, and hands on what is done in it
 * - app.ts    brings them together
 */
import { startApp } from "./app.js";

void startApp();
