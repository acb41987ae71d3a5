/** This folder, in the sources as in `dist`, where the chunks stand that netgen's own programs are bundled into. */
export const OWN_FOLDER: URL = new URL('.', import.meta.url)
