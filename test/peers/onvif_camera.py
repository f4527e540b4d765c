#!/usr/bin/python3
"""A camera that shares no line with the hub: ONVIF by Python's own library, the stream by gst-rtsp-server.

usage: onvif_camera.py ADDRESS HTTP_PORT RTSP_PORT USER PASSWORD
Prints "ready" when everything listens. WS-Discovery is on ADDRESS:3702.
"""
import base64
import hashlib
import http.server
import re
import socket
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

ADDRESS, HTTP_PORT, RTSP_PORT, USER, PASSWORD = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
ENDPOINT = "urn:uuid:5f5a69c2-e0ae-504f-829b-000000000001"
SERVICE = f"http://{ADDRESS}:{HTTP_PORT}/onvif/device_service"
NAMESPACES = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" '
    'xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
    'xmlns:dn="http://www.onvif.org/ver10/network/wsdl"'
)


def envelope(body, header=""):
    return f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope {NAMESPACES}>{header}<s:Body>{body}</s:Body></s:Envelope>'.encode()


def element(text, name):
    """Text of the first element of that local name."""
    match = re.search(rf"<(?:[\w-]+:)?{name}(?:\s[^>]*)?>([^<]*)<", text)
    return match.group(1).strip() if match else ""


def authorised(text):
    """WS-UsernameToken digest (OASIS WSS UsernameToken Profile 1.1)."""
    nonce, created = element(text, "Nonce"), element(text, "Created")
    digest = base64.b64encode(hashlib.sha1(base64.b64decode(nonce) + created.encode() + PASSWORD.encode()).digest())
    return element(text, "Username") == USER and element(text, "Password").encode() == digest


def clock():
    now = time.gmtime()
    return (
        "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
        "<tt:DaylightSavings>false</tt:DaylightSavings><tt:UTCDateTime>"
        f"<tt:Time><tt:Hour>{now.tm_hour}</tt:Hour><tt:Minute>{now.tm_min}</tt:Minute><tt:Second>{now.tm_sec}</tt:Second></tt:Time>"
        f"<tt:Date><tt:Year>{now.tm_year}</tt:Year><tt:Month>{now.tm_mon}</tt:Month><tt:Day>{now.tm_mday}</tt:Day></tt:Date>"
        "</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
    )


ANSWERS = {
    "GetDeviceInformation": "<tds:GetDeviceInformationResponse><tds:Manufacturer>GStreamer</tds:Manufacturer>"
    "<tds:Model>gst-rtsp-server</tds:Model><tds:FirmwareVersion>1.0</tds:FirmwareVersion>"
    "<tds:SerialNumber>GST-1</tds:SerialNumber><tds:HardwareId>x</tds:HardwareId></tds:GetDeviceInformationResponse>",
    "GetCapabilities": "<tds:GetCapabilitiesResponse><tds:Capabilities>"
    f"<tt:Device><tt:XAddr>{SERVICE}</tt:XAddr></tt:Device><tt:Media><tt:XAddr>{SERVICE}</tt:XAddr></tt:Media>"
    "</tds:Capabilities></tds:GetCapabilitiesResponse>",
    "GetProfiles": '<trt:GetProfilesResponse><trt:Profiles token="p0" fixed="true"><tt:Name>main</tt:Name>'
    '<tt:VideoEncoderConfiguration token="v0"><tt:Name>v0</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding>'
    "<tt:Resolution><tt:Width>320</tt:Width><tt:Height>240</tt:Height></tt:Resolution>"
    "<tt:RateControl><tt:FrameRateLimit>15</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval>"
    "<tt:BitrateLimit>512</tt:BitrateLimit></tt:RateControl></tt:VideoEncoderConfiguration></trt:Profiles></trt:GetProfilesResponse>",
    "GetStreamUri": "<trt:GetStreamUriResponse><trt:MediaUri>"
    f"<tt:Uri>rtsp://{ADDRESS}:{RTSP_PORT}/main</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>",
}


class Onvif(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        method = re.search(r"<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)", text).group(1)
        if method == "GetSystemDateAndTime":
            return self.answer(200, clock())
        if not authorised(text):
            return self.fault("ter:NotAuthorized", "Sender not Authorized")
        if method not in ANSWERS:
            return self.fault("ter:ActionNotSupported", f"{method} is not supported")
        self.answer(200, ANSWERS[method])

    def fault(self, code, reason):
        self.answer(
            400,
            '<s:Fault xmlns:ter="http://www.onvif.org/ver10/error"><s:Code><s:Value>s:Sender</s:Value>'
            f"<s:Subcode><s:Value>{code}</s:Value></s:Subcode></s:Code>"
            f'<s:Reason><s:Text xml:lang="en">{reason}</s:Text></s:Reason></s:Fault>',
        )

    def answer(self, status, body):
        data = envelope(body)
        self.send_response(status)
        self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def discovery():
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    # Whoever listens for Hello on every address has the port, too.
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    udp.bind((ADDRESS, 3702))
    while True:
        data, peer = udp.recvfrom(65535)
        relates = element(data.decode(errors="replace"), "MessageID")
        if not relates:
            continue
        header = (
            "<s:Header><wsa:MessageID>urn:uuid:5f5a69c2-e0ae-504f-829b-00000000ffff</wsa:MessageID>"
            f"<wsa:RelatesTo>{relates}</wsa:RelatesTo><wsa:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:To>"
            "<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</wsa:Action></s:Header>"
        )
        body = (
            f"<d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>{ENDPOINT}</wsa:Address></wsa:EndpointReference>"
            "<d:Types>dn:NetworkVideoTransmitter</d:Types>"
            "<d:Scopes>onvif://www.onvif.org/name/gst onvif://www.onvif.org/hardware/gst-rtsp-server</d:Scopes>"
            f"<d:XAddrs>{SERVICE}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches>"
        )
        udp.sendto(envelope(body, header), peer)


Gst.init(None)
rtsp = GstRtspServer.RTSPServer()
rtsp.set_address(ADDRESS)
rtsp.set_service(str(RTSP_PORT))
media = GstRtspServer.RTSPMediaFactory()
media.set_launch(
    "( videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=15/1 "
    "! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph264pay name=pay0 pt=96 )"
)
media.set_shared(True)
rtsp.get_mount_points().add_factory("/main", media)
rtsp.attach(None)
server = http.server.ThreadingHTTPServer((ADDRESS, HTTP_PORT), Onvif)
for work in (server.serve_forever, discovery):
    threading.Thread(target=work, daemon=True).start()
print("ready", flush=True)
GLib.MainLoop().run()
