/** Bytes that a socket's path may have (sun_path of unix(7)), less the name that PostgreSQL gives it. */
const longest = 107 - '/.s.PGSQL.65535'.length;

/**
 * The directory for the server's socket; none where its path is too long, or has characters that a shell and the
 * server's list of directories would have to be told not to read.
 * @param {string} directory
 */
export const socketDirectoryIn = (directory) =>
  directory.length <= longest && /^[\w./-]+$/.test(directory) ? directory : undefined;
