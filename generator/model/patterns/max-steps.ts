/**
 * How many steps a pattern may take for each character of a text: 32 characters take as many where steps grow with the square. A
 * message of 1 MiB that is full of such texts holds a peer up for about 25 ms.
 */
export const MAX_STEPS = 32
