SELECT id, code, name, kind FROM organisation
