// Sorts the reference by subject. The subject of a declaration is that of its file or folder, so that no declaration
// needs a tag.

import { Comment, CommentTag, Converter, ReflectionKind } from "typedoc";

/**
 * The files and folders of each subject. The subjects are in the order in which they are listed; typedoc.json has the
 * same order.
 */
const SUBJECTS = {
  "The pool": ["pool", "options", "stream", "types/member", "types/run"],
  Messages: ["types/message", "types/address", "types/policy"],
  Wakes: ["types/wake"],
  "Events and filters": ["types/frame", "types/envelope", "types/event-kind", "types/filter"],
  "Journal and store": ["types/journal", "types/effect", "types/store"],
  Ports: ["ports", "port-forms", "text-ports", "memory", "clocks", "ids", "testing"],
  Errors: ["errors"],
  Loading: ["load"],
  "What they share": ["platform-types", "types/refs", "types/given", "types/wide-integer"],
};

/** @param {import("typedoc").Application} application */
export function load(application) {
  application.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    // With several entry points, each is a module; a single one is the project itself.
    const modules = project.getChildrenByKind(ReflectionKind.Module);
    for (const reflection of (modules.length > 0 ? modules : [project]).flatMap(({ children }) => children ?? [])) {
      const subject = subjectOf(project.getSymbolIdFromReflection(reflection)?.fileName);
      if (subject === undefined) {
        application.logger.warn(`${reflection.name} is of no subject in pkg/docs/topics.mjs`);
        continue;
      }
      for (const carrier of reflection.signatures ?? [reflection]) {
        carrier.comment ??= new Comment();
        carrier.comment.blockTags.push(new CommentTag("@category", [{ kind: "text", text: subject }]));
      }
    }
  });
}

/** @param {string | undefined} file */
function subjectOf(file) {
  const path = /\/dist\/(.*)\.d\.ts$/.exec(file ?? "")?.[1] ?? "";
  const isOf = (/** @type {string} */ place) => path === place || path.startsWith(`${place}/`);
  return Object.entries(SUBJECTS).find(([, places]) => places.some(isOf))?.[0];
}
