'use strict';

// Deferred behind the bundle, so SwaggerUIBundle is there. No validator: the page talks to nobody but this server.
SwaggerUIBundle({
  url: '/openapi/v1.json',
  dom_id: '#api',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
});
