/** How the names of the library's files start, for messages and to tell them from the user's. */
export const libraryPrefix = 'library/';
