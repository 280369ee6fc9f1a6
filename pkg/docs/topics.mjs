// Sorts the reference by subject, and says what each subject is about. The subject of a declaration is that of its file
// or folder, so that no declaration needs a tag.

import { Comment, CommentTag, Converter, ReflectionKind } from "typedoc";

/**
 * What each subject is about, and its files and folders. The subjects are in the order in which they are listed;
 * typedoc.json has the same order.
 *
 * @type {Record<string, { about: string, places: string[] }>}
 */
const SUBJECTS = {
  "The pool": {
    about: "What a program opens, and who takes part in it.",
    places: ["pool", "options", "stream", "types/member", "types/run"],
  },
  Messages: {
    about: "What runs send to each other, and what became of it.",
    places: ["types/message", "types/address", "types/policy"],
  },
  Wakes: {
    about: "What a suspended run waits for.",
    places: ["types/wake"],
  },
  "Events and filters": {
    about: "What a pool publishes, and which of it a reader asks for.",
    places: ["types/frame", "types/envelope", "types/event-kind", "types/filter"],
  },
  "Journal and store": {
    about: "What a pool records, and the state and history that it keeps.",
    places: ["types/journal", "types/effect", "types/store"],
  },
  Ports: {
    about: "What a host may give to a pool, and the defaults that take its place.",
    places: ["ports", "port-forms", "text-ports", "memory", "clocks", "ids"],
  },
  Contracts: {
    about: "What each port promises to a pool, as clauses for a test runner.",
    places: ["testing"],
  },
  Errors: {
    about: "What operations fail with.",
    places: ["errors"],
  },
  Loading: {
    about: "The WebAssembly module, for programs that say where it is or when it is loaded.",
    places: ["load"],
  },
  "What they share": {
    about: "What the other types are made of.",
    places: ["platform-types", "types/refs", "types/given", "types/wide-integer"],
  },
};

/** @param {import("typedoc").Application} application */
export function load(application) {
  application.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
      /** @type {Set<string>} */
      const subjects = new Set();
      for (const reflection of module.children ?? []) {
        const subject = subjectOf(project.getSymbolIdFromReflection(reflection)?.fileName);
        if (subject === undefined) {
          application.logger.warn(`${reflection.name} is of no subject in pkg/docs/topics.mjs`);
          continue;
        }
        subjects.add(subject);
        for (const carrier of reflection.signatures ?? [reflection]) tag(carrier, "@category", subject);
      }
      for (const subject of subjects) tag(module, "@categoryDescription", `${subject}\n${SUBJECTS[subject]?.about}`);
    }
  });
}

/**
 * @param {import("typedoc").Reflection} reflection
 * @param {import("typedoc").TagString} name
 * @param {string} text
 */
function tag(reflection, name, text) {
  reflection.comment ??= new Comment();
  reflection.comment.blockTags.push(new CommentTag(name, [{ kind: "text", text }]));
}

/** @param {string | undefined} file */
function subjectOf(file) {
  const path = /\/dist\/(.*)\.d\.ts$/.exec(file ?? "")?.[1] ?? "";
  const isOf = (/** @type {string} */ place) => path === place || path.startsWith(`${place}/`);
  return Object.entries(SUBJECTS).find(([, { places }]) => places.some(isOf))?.[0];
}
