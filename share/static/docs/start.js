// validatorUrl would send the description to a third party.
SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#docs", validatorUrl: null, persistAuthorization: false });
