import fc from 'fast-check'

const units = (...ranges: readonly (readonly [min: number, max: number])[]): fc.Arbitrary<number> =>
  fc.oneof(...ranges.map(([min, max]) => fc.integer({ min, max })))

const ascii = [0x00, 0x7f] as const

/** Any UTF-16 text, lone surrogates included. Made at once, while fast-check's own units take most of a second. */
export const anyText: fc.Arbitrary<string> = fc
  .array(units(ascii, [0x80, 0xffff], [0xd800, 0xdfff]))
  .map((codes) => String.fromCharCode(...codes))

/** Any Unicode text that UTF-8 can hold. */
export const wellFormedText: fc.Arbitrary<string> = fc
  .array(units(ascii, [0x80, 0xd7ff], [0xe000, 0xffff], [0x10000, 0x10ffff]))
  .map((points) => String.fromCodePoint(...points))
