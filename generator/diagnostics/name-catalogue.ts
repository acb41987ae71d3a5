/** NG4: names. */
export const NAME_CATALOGUE = {
  NG4001: {
    severity: 'error',
    title: 'bad connection name',
    explanation:
      'A connection becomes a function of the stub and of the handlers, so its name is an identifier, and none that JavaScript itself looks for on objects.',
  },
  NG4002: {
    severity: 'error',
    title: 'bad type name',
    explanation:
      'An exported schema becomes a TypeScript type of the same name, so the name must be one that a type can have.',
  },
  NG4003: {
    severity: 'error',
    title: 'name already generated',
    explanation:
      'The generated file holds types and classes of its own. Two things of one name would be merged by TypeScript without a word.',
  },
  NG4004: {
    severity: 'error',
    title: 'bad error name',
    explanation:
      'A declared error becomes the class <name>Error: the name is in PascalCase and does not end in Error itself.',
  },
  NG4005: {
    severity: 'error',
    title: 'bad schema file name',
    explanation:
      'The schema is named after its file, in camelCase; the name is part of the generated code and of every tag, so it has to be an identifier.',
  },
  NG4006: {
    severity: 'error',
    title: 'recursive type named like another',
    explanation:
      'The members of Type.Cyclic and Type.Module become types of the generated file, so each name can stand for one type only.',
  },
  NG4007: {
    severity: 'error',
    title: 'bad property name',
    explanation:
      'A property named __proto__ is refused at run time wherever it appears, because it is how prototypes are attacked.',
  },
} as const
