/** Time for one program of the build: dpkg-deb(1), rpmbuild(8), tar(1). */
export const TOOL_TIMEOUT_MS = 120_000;
