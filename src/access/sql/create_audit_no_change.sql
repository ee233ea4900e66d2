CREATE TRIGGER IF NOT EXISTS audit_no_change BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is not changed'); END
