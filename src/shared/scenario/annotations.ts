import { Type } from '@sinclair/typebox';

/** Fields that any scenario may carry and no model reads. */
export const annotations = {
  $schema: Type.Optional(Type.String()),
  id: Type.Optional(Type.String()),
  title: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
};
