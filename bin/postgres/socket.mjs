/** Longest directory for a socket: sun_path of unix(7) has 107 bytes, less the name that PostgreSQL appends. */
const longest = 107 - '/.s.PGSQL.65535'.length;

/**
 * The directory for the server's socket; none if its path is too long, or has characters that a shell or the server's
 * list of directories would interpret.
 * @param {string} directory
 */
export const socketDirectoryIn = (directory) =>
  directory.length <= longest && /^[\w./-]+$/.test(directory) ? directory : undefined;
