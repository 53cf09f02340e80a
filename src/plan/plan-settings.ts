/**
 * Azure says that an assignment may need ten minutes to take effect: one that is younger than this many minutes is never counted on,
 * whatever a plan says. Nothing that keyturn writes asks for more than the most.
 */
export const minimumAge = { least: 15, most: 7 * 24 * 60 } as const;
