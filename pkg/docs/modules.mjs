// Names the modules of the reference as they are imported, not after their files.

import { Converter, ReflectionKind } from "typedoc";

/** The names by which the modules are imported. @type {Record<string, string | undefined>} */
const SPECIFIERS = { index: "agent-pool", testing: "agent-pool/testing" };

/** @param {import("typedoc").Application} application */
export function load(application) {
  application.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
      const specifier = SPECIFIERS[module.name];
      if (specifier !== undefined) module.name = specifier;
      else application.logger.warn(`pkg/docs/modules.mjs does not say how ${module.name} is imported`);
    }
  });
}
