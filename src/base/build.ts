/** When this code was built, in seconds since 1970: of two tabs the one with the newer code holds the session. The build puts the number here. */
export const BUILD: number = 0;
