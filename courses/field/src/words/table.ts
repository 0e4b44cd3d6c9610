import { before } from "./before.ts";
import { village } from "./village.ts";
import { after } from "./after.ts";

export const table = { ...before, ...village, ...after } as const;
