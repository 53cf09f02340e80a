import { z } from 'zod';

/** Words made where the finding arose. */
export const said = z.strictObject({ message: z.string(), remedy: z.string() });
