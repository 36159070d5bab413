#pragma once

/* clang-format off */
#define CH_MEANS_NO_WAY N_("The program does not reach the CA through this entry. What is filled in stays on this PC.")
#define CH_MEANS_NOT_SAFE N_("The program does not talk to this server, so that nobody can read or change what you send.")

#define CH_FINDINGS_NETWORK(F) \
  F (PROXY_UNUSED,      611, "proxy",        WARNING, SERVER_UNREACHABLE, SET_PROXY,     NULL, \
     N_("A proxy is set that the program does not use"), N_("A proxy is set for the terminal only. The program connects directly, which your network may not allow."), \
     N_("The proxy stands in the settings of a shell, not in those of the system."), \
     N_("If the server cannot be reached, enter the proxy in the system’s network settings.")) \
  F (ENTRY_NAME,        621, "entry",        FAILED,  SERVER_UNREACHABLE, NONE,          NULL, \
     N_("The name of the server cannot be found"), CH_MEANS_NO_WAY, \
     N_("There is no network, or its directory of names (DNS) does not answer."), \
     N_("Check that this PC is connected to the network. If other sites open, ask the network’s administrator about DNS.")) \
  F (ENTRY_CONNECT,     622, "entry",        FAILED,  SERVER_UNREACHABLE, NONE,          NULL, \
     N_("No connection to the server"), CH_MEANS_NO_WAY, \
     N_("There is no network, a firewall refuses this address, or the entry is out of order."), \
     N_("Check that this PC is connected to the network. If other sites open, a firewall may block this address: ask the network’s administrator.")) \
  F (ENTRY_PROXY,       623, "entry",        FAILED,  SERVER_UNREACHABLE, SET_PROXY,     NULL, \
     N_("The proxy does not let the program through"), CH_MEANS_NO_WAY, \
     N_("The proxy is out of order, is entered wrong, or does not allow this address."), \
     N_("Check the proxy in the system settings, or ask the network’s administrator to let this address pass.")) \
  F (ENTRY_PROXY_PASSWORD, 624, "entry",     FAILED,  SERVER_UNREACHABLE, SET_PROXY,     NULL, \
     N_("The proxy wants a password"), CH_MEANS_NO_WAY, \
     N_("Your network lets only those out whom its proxy knows."), \
     N_("Ask the network’s administrator to let this address pass without a password, or for a proxy without one.")) \
  F (ENTRY_TLS,         625, "entry",        FAILED,  SERVER_UNREACHABLE, NONE,          NULL, \
     N_("No secure connection"), CH_MEANS_NO_WAY, \
     N_("Something else answers at this address, or a firewall cuts the connection."), \
     N_("Ask the network’s administrator; the details name the address.")) \
  F (ENTRY_SILENT,      626, "entry",        FAILED,  TIMED_OUT,          NONE,          NULL, \
     N_("No answer within a reasonable time"), CH_MEANS_NO_WAY, \
     N_("The network is very slow, or a firewall swallows what is sent."), \
     N_("Check again in a moment. If it stays like this, a firewall may block this address: ask the network’s administrator.")) \
  F (ENTRY_OTHER_HOST,  627, "entry",        FAILED,  SERVER_IDENTITY,    NONE,          NULL, \
     N_("The certificate of another server is shown"), CH_MEANS_NOT_SAFE, \
     N_("The address leads to another server than it should, or was entered wrong."), \
     N_("Check the address of the server, or ask the CA’s hotline.")) \
  F (ENTRY_STRANGER,    628, "entry",        FAILED,  SERVER_IDENTITY,    NONE,          NULL, \
     N_("Something answers in place of the CA"), CH_MEANS_NOT_SAFE, \
     N_("A security program or a proxy of your network opens secure connections and shows a certificate of its own."), \
     N_("Ask the network’s administrator to leave this address alone: it must not be inspected.")) \
  F (ENTRY_EXPIRED,     629, "entry",        FAILED,  SERVER_IDENTITY,    NONE,          NULL, \
     N_("The server’s certificate has expired"), CH_MEANS_NOT_SAFE, \
     N_("The date of this PC is wrong, or the CA has not renewed the certificate of its server."), \
     N_("Check date and time of this PC. If they are right, tell the CA’s hotline.")) \
  F (ENTRY_FUTURE,      630, "entry",        WARNING, SERVER_IDENTITY,    NONE,          NULL, \
     N_("The server’s certificate begins later: this PC’s clock is behind"), N_("The program goes by the server’s time and goes on; other programs may not."), \
     N_("The battery of the clock is empty, or the date was set wrong by hand."), \
     N_("Set date and time of this PC, best automatically from the network.")) \
  F (ENTRY_CHAIN,       631, "entry",        FAILED,  SERVER_IDENTITY,    NONE,          NULL, \
     N_("The server’s certificate is not in order"), CH_MEANS_NOT_SAFE, \
     N_("The server is set up wrong, or something changes what it sends."), \
     N_("Ask the CA’s hotline; the details name the certificate.")) \
  F (ENTRY_HTTP,        632, "entry",        FAILED,  BAD_ANSWER,         NONE,          NULL, \
     N_("The server answers with an error"), CH_MEANS_NO_WAY, \
     N_("The server is being looked after, or overloaded."), \
     N_("Check again in a few minutes, or ask the CA’s hotline.")) \
  F (ENTRY_ANSWER,      633, "entry",        FAILED,  BAD_ANSWER,         NONE,          NULL, \
     N_("Something else answers at this address"), CH_MEANS_NO_WAY, \
     N_("The address was entered wrong, or leads to another service of the CA."), \
     N_("Check the address of the server, or ask the CA’s hotline.")) \
  F (ENTRY_NO_ANCHOR,   634, "entry",        FAILED,  FILE,               NONE,          NULL, \
     N_("The file with the CA’s trust anchor cannot be read"), CH_MEANS_NOT_SAFE, \
     N_("The program was not installed whole, or the file named in its settings is gone."), \
     N_("Install the program again, or name another file.")) \
  F (ENTRY_PORTAL,      635, "entry",        FAILED,  SERVER_UNREACHABLE, OPEN_PAGE,     NULL, \
     N_("The network wants you to log in first"), CH_MEANS_NO_WAY, \
     N_("In hotels, offices and public networks a page of the network stands before everything else."), \
     N_("Open a page in the browser, log in to the network there, then check again."))
/* clang-format on */
