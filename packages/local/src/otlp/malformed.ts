/** Input that is not what it claims to be; the message says where, and holds none of it. */
export class MalformedInput extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MalformedInput";
  }
}

/** Values may nest this deep; deeper ones are refused before they cost a stack. */
export const maxValueDepth = 32;
