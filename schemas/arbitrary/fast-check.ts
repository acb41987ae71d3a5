/** fast-check, which only those install who use this folder. */
export { type Arbitrary, type ArrayConstraints, default as fc } from 'fast-check'
