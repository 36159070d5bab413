-- What tickets are good for. Times are seconds since 1970 in UTC.

-- The applications that whoever holds the ticket may look at
CREATE TABLE ticket_application (
  ticket TEXT NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
  application TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
  PRIMARY KEY (ticket, application)
);
CREATE INDEX ticket_application_application ON ticket_application (application);

-- Applications are looked up by their handler’s mobile
CREATE INDEX answer_handler_mobile ON answer (value) WHERE field = 'handler-mobile';
