"""Which folder of src may include which, and which foreign libraries it may use: the table of src/README.md as data."""

_EVERYTHING_BELOW_FRONTS = ['base', 'wire', 'papers', 'ports', 'flow', 'front', 'envcheck']

# folder: (folders it may include, foreign libraries it may use besides GLib and GIO)
LAYERS = {
    'base': ([], []),
    'wire': (['base'], ['json-glib']),
    'papers': (['base', 'wire'], ['libarchive']),
    'pki': (['base'], ['libcrypto']),
    'ports': (['base', 'wire'], []),
    'flow': (['base', 'wire', 'papers', 'ports'], []),
    'steps': (['base', 'wire', 'papers', 'pki', 'ports', 'flow'], []),
    'front': (['base', 'wire', 'papers', 'pki', 'ports', 'flow', 'steps'], []),
    'token': (['base', 'wire', 'pki', 'ports'], ['p11-kit']),
    'local': (['base', 'wire', 'ports'], []),
    'fetch': (['base', 'ports'], ['libcurl']),
    'api': (['base', 'wire', 'ports'], ['libsoup']),
    'envcheck': (['base', 'wire', 'pki', 'ports'], ['libcurl', 'pcsc-lite', 'p11-kit', 'fontconfig']),
    'ui': (_EVERYTHING_BELOW_FRONTS, ['gtk4', 'libadwaita', 'qrencode']),
    'cli': (_EVERYTHING_BELOW_FRONTS, ['qrencode']),
    'server': (['base', 'wire', 'papers', 'pki'], ['libsoup', 'sqlite3', 'libcurl', 'pangocairo', 'libxcrypt']),
}

# The one place that knows all adapters
PROGRAMS = 'programs'

# foreign library: (how its headers begin, how its symbols begin)
FOREIGN = {
    'json-glib': (['json-glib/'], ['json_']),
    'libcrypto': (['openssl/'], ['EVP_', 'X509_', 'BIO_', 'ASN1_', 'PKCS8_', 'PKCS12_', 'OSSL_']),
    'libsoup': (['libsoup/'], ['soup_']),
    'libcurl': (['curl/'], ['curl_']),
    'sqlite3': (['sqlite3.h'], ['sqlite3_']),
    'p11-kit': (['p11-kit/'], ['p11_kit_']),
    'pcsc-lite': (['winscard.h', 'PCSC/'], ['SCard']),
    'fontconfig': (['fontconfig/'], ['Fc']),
    'gtk4': (['gtk/', 'gdk/', 'gsk/'], ['gtk_', 'gdk_', 'gsk_']),
    'libadwaita': (['adwaita.h'], ['adw_']),
    'qrencode': (['qrencode.h'], ['QRcode_']),
    'pangocairo': (['pango/', 'cairo'], ['pango_', 'cairo_']),
    'libarchive': (['archive.h', 'archive_entry.h'], ['archive_']),
    'libxcrypt': (['crypt.h'], ['crypt_']),
}

# What comes with another library
BRINGS = {'gtk4': ['pangocairo']}


def foreign_of(layer):
    """The foreign libraries a folder may use, with what they bring."""
    own = LAYERS[layer][1]
    return set(own).union(*(BRINGS.get(name, []) for name in own))


def closure(layer):
    """The folder itself and everything it may include."""
    return {layer, *LAYERS[layer][0]}
