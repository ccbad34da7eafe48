import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiBearerAuth, ApiResponse } from '@nestjs/swagger';
import type { ZodType } from 'zod';
import { problem } from '@albumen/contracts';

/** The schema of a route's answer and its status, for OpenAPI; every error is a problem. */
export function Answers(schema: ZodType | null, status = 200) {
  return applyDecorators(
    HttpCode(status),
    ApiBearerAuth(),
    ApiResponse({ status, description: 'The answer', ...(schema ? { standardSchema: schema as never } : {}) }),
    ApiResponse({
      status: 'default',
      description: 'A problem (RFC 9457), media type application/problem+json',
      standardSchema: problem as never,
    }),
  );
}
