extension BodySample {
    /// What kubectl 1.36 sends, and what it prints of the same object with `--dry-run=client -o json`, where the
    /// command knows that.
    static let kubectl = [
        BodySample(
            "kubectl create namespace shop",
            base64: """
                azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhwKFAoEc2hvcBIAGgAiACoAMgA4AEIAEgAaAgoAGgAiAA==
                """,
            json: #"""
                {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"},"spec":{},"status":{}}
                """#),
        BodySample(
            "kubectl create configmap settings --from-literal=b=2 --from-literal=a=1 --from-file=raw=bin.dat",
            base64: """
                azhzAAoPCgJ2MRIJQ29uZmlnTWFwEjgKGAoIc2V0dGluZ3MSABoAIgAqADIAOABCABIGCgFhEgExEgYKAWISATIaDAoDcmF3EgUA
                Af/+ChoAIgA=
                """,
            json: #"""
                {"apiVersion":"v1","binaryData":{"raw":"AAH//go="},"data":{"a":"1","b":"2"},"kind":"ConfigMap",
                "metadata":{"name":"settings"}}
                """#),
        BodySample(
            "kubectl create secret generic keys --from-literal=password=s3cret --type=example.com/key",
            base64: """
                azhzAAoMCgJ2MRIGU2VjcmV0EjsKFAoEa2V5cxIAGgAiACoAMgA4AEIAEhIKCHBhc3N3b3JkEgZzM2NyZXQaD2V4YW1wbGUuY29t
                L2tleRoAIgA=
                """,
            json: #"""
                {"apiVersion":"v1","data":{"password":"czNjcmV0"},"kind":"Secret","metadata":{"name":"keys"},"type":
                "example.com/key"}
                """#),
        BodySample(
            "kubectl create serviceaccount builder",
            base64: """
                azhzAAoUCgJ2MRIOU2VydmljZUFjY291bnQSGQoXCgdidWlsZGVyEgAaACIAKgAyADgAQgAaACIA
                """,
            json: #"""
                {"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"builder"}}
                """#),
        BodySample(
            "kubectl create service nodeport web --tcp=80:http --tcp=443:8443 --node-port=30080",
            base64: """
                azhzAAoNCgJ2MRIHU2VydmljZRKOAQofCgN3ZWISABoAIgAqADIAOABCAFoKCgNhcHASA3dlYhJnCiAKBzgwLWh0dHASA1RDUBhQ
                IgoIARAAGgRodHRwKIDrAQofCgg0NDMtODQ0MxIDVENQGLsDIgcIABD7QRoAKIDrARIKCgNhcHASA3dlYhoAIghOb2RlUG9ydDoA
                QgBSAFoAYABoABoCCgAaACIA
                """,
            json: #"""
                {"apiVersion":"v1","kind":"Service","metadata":{"labels":{"app":"web"},"name":"web"},"spec":{"ports":[{
                "name":"80-http","nodePort":30080,"port":80,"protocol":"TCP","targetPort":"http"},{"name":"443-8443",
                "nodePort":30080,"port":443,"protocol":"TCP","targetPort":8443}],"selector":{"app":"web"},"type":
                "NodePort"},"status":{"loadBalancer":{}}}
                """#),
        BodySample(
            "kubectl create service clusterip db --clusterip=None",
            base64: """
                azhzAAoNCgJ2MRIHU2VydmljZRJNCh0KAmRiEgAaACIAKgAyADgAQgBaCQoDYXBwEgJkYhIoEgkKA2FwcBICZGIaBE5vbmUiCUNs
                dXN0ZXJJUDoAQgBSAFoAYABoABoCCgAaACIA
                """,
            json: #"""
                {"apiVersion":"v1","kind":"Service","metadata":{"labels":{"app":"db"},"name":"db"},"spec":{"clusterIP":
                "None","selector":{"app":"db"},"type":"ClusterIP"},"status":{"loadBalancer":{}}}
                """#),
        BodySample(
            "kubectl create service externalname far --external-name=far.example.com",
            base64: """
                azhzAAoNCgJ2MRIHU2VydmljZRJeCh8KA2ZhchIAGgAiACoAMgA4AEIAWgoKA2FwcBIDZmFyEjcSCgoDYXBwEgNmYXIaACIMRXh0
                ZXJuYWxOYW1lOgBCAFIPZmFyLmV4YW1wbGUuY29tWgBgAGgAGgIKABoAIgA=
                """,
            json: #"""
                {"apiVersion":"v1","kind":"Service","metadata":{"labels":{"app":"far"},"name":"far"},"spec":{
                "externalName":"far.example.com","selector":{"app":"far"},"type":"ExternalName"},"status":{
                "loadBalancer":{}}}
                """#),
        BodySample(
            "kubectl create deployment web --image=nginx:1.27 --replicas=3 --port=80 -- sh -c true",
            base64: """
                azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EssBCh8KA3dlYhIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEpkBCAMSDAoKCgNh
                cHASA3dlYhp/ChwKABIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEl8SQQoFbmdpbngSCm5naW54OjEuMjcaAnNoGgItYxoEdHJ1
                ZSoAMgoKABAAGFAiACoAQgBqAHIAgAEAiAEAkAEAogEAGgAyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBACICCgAoADgAGgwIABAA
                GAAgACgAOAAaACIA
                """,
            json: #"""
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"labels":{"app":"web"},"name":"web"},"spec":{
                "replicas":3,"selector":{"matchLabels":{"app":"web"}},"strategy":{},"template":{"metadata":{"labels":{
                "app":"web"}},"spec":{"containers":[{"command":["sh","-c","true"],"image":"nginx:1.27","name":"nginx",
                "ports":[{"containerPort":80}],"resources":{}}]}}},"status":{}}
                """#),
        BodySample(
            "kubectl create job once --image=busybox -- date",
            base64: """
                azhzAAoPCghiYXRjaC92MRIDSm9iEoQBChQKBG9uY2USABoAIgAqADIAOABCABJiMmAKEAoAEgAaACIAKgAyADgAQgASTBIpCgRv
                bmNlEgdidXN5Ym94GgRkYXRlKgBCAGoAcgCAAQCIAQCQAQCiAQAaBU5ldmVyMgBCAEoAUgBYAGAAaACCAQCKAQCaAQDCAQAaCCAA
                KAAwADoAGgAiAA==
                """,
            json: #"""
                {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"once"},"spec":{"template":{"metadata":{},
                "spec":{"containers":[{"command":["date"],"image":"busybox","name":"once","resources":{}}],
                "restartPolicy":"Never"}}},"status":{}}
                """#),
        BodySample(
            "kubectl create cronjob nightly --image=busybox '--schedule=0 3 * * *' -- date",
            base64: """
                azhzAAoTCghiYXRjaC92MRIHQ3JvbkpvYhKyAQoXCgduaWdodGx5EgAaACIAKgAyADgAQgASlAEKCTAgMyAqICogKhoAKoQBChcK
                B25pZ2h0bHkSABoAIgAqADIAOABCABJpMmcKEAoAEgAaACIAKgAyADgAQgASUxIsCgduaWdodGx5EgdidXN5Ym94GgRkYXRlKgBC
                AGoAcgCAAQCIAQCQAQCiAQAaCU9uRmFpbHVyZTIAQgBKAFIAWABgAGgAggEAigEAmgEAwgEAGgAaACIA
                """,
            json: #"""
                {"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"nightly"},"spec":{"jobTemplate":{
                "metadata":{"name":"nightly"},"spec":{"template":{"metadata":{},"spec":{"containers":[{"command":[
                "date"],"image":"busybox","name":"nightly","resources":{}}],"restartPolicy":"OnFailure"}}}},"schedule":
                "0 3 * * *"},"status":{}}
                """#),
        BodySample(
            "kubectl create poddisruptionbudget keep --selector=app=web '--min-available=50%'",
            base64: """
                azhzAAogCglwb2xpY3kvdjESE1BvZERpc3J1cHRpb25CdWRnZXQSPQoUCgRrZWVwEgAaACIAKgAyADgAQgASGQoJCAEQABoDNTAl
                EgwKCgoDYXBwEgN3ZWIaCggAGAAgACgAMAAaACIA
                """,
            json: #"""
                {"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"keep"},"spec":{
                "minAvailable":"50%","selector":{"matchLabels":{"app":"web"}}},"status":{"currentHealthy":0,
                "desiredHealthy":0,"disruptionsAllowed":0,"expectedPods":0}}
                """#),
        BodySample(
            "kubectl create token default --duration=10m --audience=a --audience=b",
            base64: """
                azhzAAooChhhdXRoZW50aWNhdGlvbi5rOHMuaW8vdjESDFRva2VuUmVxdWVzdBIjChAKABIAGgAiACoAMgA4AEIAEgkKAWEKAWIg
                2AQaBAoAEgAaACIA
                """,
            json: #"""
                {"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","metadata":{},"spec":{"audiences":["a",
                "b"],"expirationSeconds":600},"status":{"token":""}}
                """#),
        BodySample(
            "kubectl auth whoami",
            base64: """
                azhzAAotChhhdXRoZW50aWNhdGlvbi5rOHMuaW8vdjESEVNlbGZTdWJqZWN0UmV2aWV3EhoKEAoAEgAaACIAKgAyADgAQgASBgoE
                CgASABoAIgA=
                """,
            json: #"""
                {"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview","metadata":{},"status":{"userInfo":
                {}}}
                """#),
        BodySample(
            "kubectl auth can-i get pods/log --namespace shop",
            base64: """
                azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSPAoQCgASABoAIgAqADIAOABC
                ABIeChwKBHNob3ASA2dldBoAIgAqBHBvZHMyADoDbG9nGggIABIAGgAgABoAIgA=
                """,
            json: #"""
                {"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","metadata":{},"spec":{
                "resourceAttributes":{"name":"log","namespace":"shop","resource":"pods","verb":"get"}},"status":{
                "allowed":false}}
                """#),
        BodySample(
            "kubectl auth can-i --list -n shop",
            base64: """
                azhzAAoxChdhdXRob3JpemF0aW9uLms4cy5pby92MRIWU2VsZlN1YmplY3RSdWxlc1JldmlldxIgChAKABIAGgAiACoAMgA4AEIA
                EgYKBHNob3AaBBgAIgAaACIA
                """,
            json: #"""
                {"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectRulesReview","metadata":{},"spec":{
                "namespace":"shop"},"status":{"incomplete":false}}
                """#),
    ]
}
