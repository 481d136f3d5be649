const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EEXIST: 'a file of that name is in the way',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links go round in a circle',
  EAGAIN: 'nothing to read there now',
  EMFILE: 'too many files are open',
  EFBIG: 'the file is too large',
  ERR_FS_FILE_TOO_LARGE: 'files of more than 2 GiB cannot be read',
  ERR_INVALID_ARG_VALUE: 'not a usable path',
};

/** Why the system refuses a file, in words, which is the user's to solve; undefined for every other error. */
export function describeFileError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return reasons[String(error.code)];
}
